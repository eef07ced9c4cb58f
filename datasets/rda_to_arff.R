# Write a data frame of an .rda file as ARFF: Rscript rda_to_arff.R FILE NAME OUTPUT. Base R alone,
# since R may be unpacked and not installed, and to a file, since such an R complains on stdout.
arguments <- commandArgs(trailingOnly = TRUE)
frame <- new.env()
load(arguments[1], envir = frame)
frame <- get(arguments[2], envir = frame)
to <- file(arguments[3], "w")

quoted <- function(text) paste0("'", gsub("(['\\\\])", "\\\\\\1", text), "'")

writeLines(paste("@relation", arguments[2]), to)
for (name in names(frame)) {
    column <- frame[[name]]
    type <- if (is.factor(column)) {
        paste0("{", paste(quoted(levels(column)), collapse = ","), "}")
    } else if (is.numeric(column)) {
        "numeric"
    } else {
        stop("column ", name, " is neither a factor nor numeric")
    }
    writeLines(paste("@attribute", quoted(name), type), to)
}
writeLines("@data", to)
cells <- lapply(frame, function(column) {
    text <- as.character(column)
    ifelse(is.na(text), "?", if (is.factor(column)) quoted(text) else text)
})
writeLines(do.call(paste, c(unname(cells), sep = ",")), to)
close(to)
