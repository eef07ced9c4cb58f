#!/usr/bin/env python3
"""Check the rules of the house that no compiler checks; see README.md beside this file.

Usage: house.py [ROOT]      ROOT is the repository, by default the one that this file is in.

Prints a line a rule and every breach as FILE:LINE: MESSAGE. Exit 0: all kept, 1: some breach,
2: wrong use. A rule whose tool (ctags, clang-format 14) is not installed is shown as skipped.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys

# Lowest first, as in lib/README.md. A file may include what is in its own layer folder and in any
# folder of an earlier row, so neighbours in a row are strangers.
LAYERS = [
    ["include"],
    ["lib/base"],
    ["lib/kernels", "lib/format"],
    ["lib/learners"],
    ["lib/choice"],
    ["lib/train"],
    ["learned_index", "bloom", "placement", "tuning"],
    ["datasets"],
    ["lib/choice/command", "learned_index/command"],
    ["bench"],
    ["tests"],
]

# Limits of a function's lines, in each of the groups.
MEDIAN_MAX, P99_MAX, LONGEST_MAX = 12, 80, 120
GROUPS = {
    "library": ["include", "lib", "learned_index", "bloom", "placement", "tuning"],
    "tools": ["bench", "datasets"],
    "tests": ["tests"],
}
LONG_FILE = 500

THREAD_WORDS = "immutable|shared|one-writer|confined"
DRAFT_MARK = "draft, compiled but not installed"
# Spelt in pieces, so that this file keeps the rule that it checks.
FORBIDDEN_WORDS = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

C_FILES = (".c", ".h", ".cpp", ".hpp")
SOURCES = C_FILES + (".py", ".sh", ".cmake", "CMakeLists.txt")
TEXTS = SOURCES + (".md", ".in", ".map", ".json", ".tsv", ".csv")
# Folders that hold no source of ours, or whose contents are installed as they are.
NO_README = {"include/hunch", ".ci"}


class Tree:
    """The files of the repository, by path from its root, each read once."""

    def __init__(self, root):
        self.root = root
        self.paths = sorted(p for p in list_files(root) if os.path.isfile(os.path.join(root, p)))
        self._texts = {}

    def ending(self, suffixes):
        return [p for p in self.paths if p.endswith(tuple(suffixes))]

    def text(self, path):
        if path not in self._texts:
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def lines(self, path):
        return self.text(path).splitlines()


class Report:
    """What is printed: a row a rule, and the breaches."""

    def __init__(self):
        self.rows = []
        self.breaches = []

    def rule(self, name, figures, breaches):
        self.rows.append((name, "BREACH" if breaches else "ok", figures))
        self.breaches += breaches

    def note(self, name, figures):
        self.rows.append((name, "", figures))

    def skip(self, name, why):
        self.rows.append((name, "skipped", why))

    def print(self, out):
        for name, verdict, figures in self.rows:
            print(f"{name:<14}{verdict:<9}{figures}", file=out)
        for breach in self.breaches:
            print(breach, file=out)


def main(argv):
    if len(argv) > 2 or (len(argv) == 2 and argv[1].startswith("-")):
        print(__doc__.strip(), file=sys.stdout if argv[1] in ("-h", "--help") else sys.stderr)
        return 0 if argv[1] in ("-h", "--help") else 2
    here = os.path.dirname(os.path.abspath(__file__))
    report = check(argv[1] if len(argv) == 2 else os.path.join(here, "..", ".."))
    report.print(sys.stdout)
    return 1 if report.breaches else 0


def check(root):
    tree = Tree(os.path.abspath(root))
    report = Report()
    for rule in (check_layering, check_functions, check_documentation, check_exports,
                 check_words, check_readmes, check_format, note_ratios):
        rule(tree, report)
    return report


# -- layering ---------------------------------------------------------------------------------------


def check_layering(tree, report):
    by_name = {}
    for path in tree.ending((".h", ".hpp")):
        by_name.setdefault(os.path.basename(path), []).append(path)
    breaches, includes = [], 0
    for path in tree.ending(C_FILES):
        for number, name in quoted_includes(tree.lines(path)):
            includes += 1
            reason = why_forbidden(path, name, by_name)
            if reason:
                breaches.append(f"{path}:{number}: includes \"{name}\": {reason}")
    report.rule("layering", f"{includes} includes among {len(tree.ending(C_FILES))} files", breaches)


def quoted_includes(lines):
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if match:
            yield number, match.group(1)


def why_forbidden(path, name, by_name):
    """None when `path` may include "name"; else why not."""
    if ".." in name.split("/"):
        return "a path upwards"
    found = [p for p in by_name.get(os.path.basename(name), []) if ("/" + p).endswith("/" + name)]
    if not found or any(may_see(path, p) for p in found):
        return None  # generated, a system's, or allowed
    return f"{layer_of(found[0])[1]} is not below {layer_of(path)[1]}"


def layer_of(path):
    """Its rank and folder: of those that it is in, the innermost."""
    found = [(rank, folder) for rank, folders in enumerate(LAYERS) for folder in folders
             if path.startswith(folder + "/")]
    if not found:
        return len(LAYERS), os.path.dirname(path)
    return max(found, key=lambda layer: len(layer[1]))


def may_see(path, header):
    (rank, folder), (header_rank, header_folder) = layer_of(path), layer_of(header)
    return folder == header_folder or header_rank < rank


# -- functions --------------------------------------------------------------------------------------


def check_functions(tree, report):
    if not shutil.which("ctags"):
        report.skip("functions", "no ctags: apt install universal-ctags")
        return
    functions = list(list_functions(tree))
    for group in GROUPS:
        mine = [f for f in functions if in_group(f[0], group)]
        lengths = sorted(f[3] for f in mine)
        median, p90, p99 = (percentile(lengths, p) for p in (50, 90, 99))
        longest = lengths[-1] if lengths else 0
        breaches = [f"{path}:{line}: {name} has {length} lines, more than {LONGEST_MAX}"
                    for path, line, name, length in mine if length > LONGEST_MAX]
        breaches += [f"{group}: {what} length of a function is {value} lines, more than {limit}"
                     for what, value, limit in (("median", median, MEDIAN_MAX), ("p99", p99, P99_MAX))
                     if value > limit]
        report.rule(group, f"{len(mine)} functions: median {median}, p90 {p90}, p99 {p99}, "
                    f"longest {longest} lines", breaches)
    long_files = [p for p in tree.ending(C_FILES) if len(tree.lines(p)) > LONG_FILE]
    report.note("long files", ", ".join(long_files) or f"none over {LONG_FILE} lines")


def list_functions(tree):
    """(path, line, name, lines) of every function that has a body."""
    command = ["ctags", "--quiet", "--output-format=json", "--fields=+ne", "--kinds-C=f",
               "--kinds-C++=f", "--langmap=C:.c.h,C++:.cpp.hpp", "--sort=no", "-D",
               "START_TEST(name)=static void name(int i)", "-D", "END_TEST=", "-L", "-", "-f", "-"]
    done = subprocess.run(command, input="\n".join(tree.ending(C_FILES)), cwd=tree.root, check=True,
                          stdout=subprocess.PIPE, universal_newlines=True)
    for line in done.stdout.splitlines():
        tag = json.loads(line)
        if tag["_type"] == "tag" and "end" in tag:
            yield tag["path"], tag["line"], tag["name"], tag["end"] - tag["line"] + 1


def in_group(path, group):
    return path.split("/")[0] in GROUPS[group]


def percentile(ordered, share):
    """The nearest-rank percentile; 0 of nothing."""
    if not ordered:
        return 0
    return ordered[max(0, math.ceil(share * len(ordered) / 100) - 1)]


# -- documentation ----------------------------------------------------------------------------------


def check_documentation(tree, report):
    breaches, count = [], {"function": 0, "type": 0, "macro": 0, "field": 0}
    installed = installed_headers(tree)
    for path in public_headers(tree):
        lines = tree.lines(path)
        for number, kind, name in declarations(lines):
            count[kind] += 1
            comment = comment_above(lines, number, kind)
            if comment is None:
                breaches.append(f"{path}:{number}: {kind} {name} has no comment directly above")
            elif kind == "function" and not re.search(rf"Threads: ({THREAD_WORDS})\.", comment):
                breaches.append(f"{path}:{number}: the comment of {name} lacks a Threads: word")
        for number, name, documented in fields(lines):
            count["field"] += 1
            if not documented:
                breaches.append(f"{path}:{number}: field {name} has no comment")
        if (DRAFT_MARK in lines[0]) == (path in installed):
            breaches.append(f"{path}:1: must either be installed or say \"{DRAFT_MARK}\"")
    report.rule("documentation", ", ".join(f"{n} {kind}s" for kind, n in count.items()), breaches)


def public_headers(tree):
    return [p for p in tree.ending((".h",)) if p.startswith("include/hunch/")]


def installed_headers(tree):
    text = "".join(tree.text(p) for p in tree.paths if p == "lib/package/libraries.cmake")
    return set(re.findall(r"include/hunch/\w+\.h", text))


def declarations(lines):
    """(line number, kind, name) of what stands at the left margin of a public header."""
    in_comment = False
    for number, line in enumerate(lines, 1):
        if in_comment or line.startswith("/*"):
            in_comment = "*/" not in line
            continue
        macro = re.match(r"#\s*define\s+(HUNCH_(?!_)\w+)", line)
        if macro and not macro.group(1).endswith("_H"):
            yield number, "macro", macro.group(1)
        elif re.match(r"(typedef|struct|enum|union)\b", line):
            yield number, "type", " ".join(line.split()[:3]).rstrip(" {;")
        elif re.match(r"[A-Za-z_].*\(", line) and not line.startswith("HUNCH_STATUS_LIST"):
            yield number, "function", re.search(r"(\w+)\s*\(", line).group(1)


def comment_above(lines, number, kind):
    """The comment that ends on the line above, or None. Macros may share one, as a paragraph."""
    above = number - 2
    while kind == "macro" and above >= 0 and re.match(r"#|\s+\S", lines[above]) \
            and not lines[above].rstrip().endswith("*/"):
        above -= 1
    if above < 0 or not lines[above].rstrip().endswith("*/"):
        return None
    first = above
    while first > 0 and "/*" not in lines[first]:
        first -= 1
    return "\n".join(lines[first:above + 1])


def fields(lines):
    """(line number, name, documented) of the members of structs and enums. A member without a
    comment belongs to the one above when no empty line is between."""
    inside, in_comment, documented = False, False, False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if re.match(r"(typedef )?(struct|enum|union)\b.*\{$", line):
            inside, documented = True, False
        elif line.startswith("}"):
            inside = False
        elif inside and not text:
            documented = False
        elif inside and (in_comment or text.startswith("/*")):
            in_comment = "*/" not in text
            documented = True
        elif inside and re.match(r" {4}\S", line):
            documented = documented or "/*" in text
            yield number, field_name(text), documented


def field_name(text):
    """`open` of "int (*open)(...)", `ctx` of "void *ctx;", `READ` of "READ = 0,"."""
    text = text.split("/*")[0].split("=")[0]
    pointer = re.search(r"\(\*(\w+)\)", text)
    return pointer.group(1) if pointer else re.findall(r"\w+", re.sub(r"\[.*?\]", "", text))[-1]


# -- exports ----------------------------------------------------------------------------------------


def check_exports(tree, report):
    if "lib/hunch.map" not in tree.paths:
        report.rule("exports", "", ["lib/hunch.map:1: there is no such file"])
        return
    maps = [p for p in tree.paths if p.startswith("lib/") and p.endswith(".map")]
    text = re.sub(r"#.*", "", "".join(tree.text(p) for p in maps))
    exported = set(re.findall(r"\b(hunch_\w+);", text))
    declared = set()
    for path in public_headers(tree):
        if path in installed_headers(tree):
            declared |= exported_functions(tree.text(path))
    breaches = [f"lib/hunch.map:1: {name} is in no installed header"
                for name in sorted(exported - declared)]
    breaches += [f"lib/hunch.map:1: {name} is declared in an installed header but not exported"
                 for name in sorted(declared - exported)]
    report.rule("exports", f"{len(exported)} symbols", breaches)


def exported_functions(text):
    return set(re.findall(r"^HUNCH_API\b[^;]*?\b(hunch_\w+)\(", text, re.MULTILINE))


# -- words, folders, format -------------------------------------------------------------------------


def check_words(tree, report):
    pattern = re.compile(r"\b(" + "|".join(FORBIDDEN_WORDS) + r")\b")
    breaches, count = [], 0
    for path in tree.paths:
        if path.endswith(TEXTS) or is_script(tree, path):
            count += 1
            breaches += [f"{path}:{number}: the word {match.group(1)}"
                         for number, line in enumerate(tree.lines(path), 1)
                         for match in pattern.finditer(line)]
    report.rule("words", f"{count} texts", breaches)


def is_script(tree, path):
    return "." not in os.path.basename(path) and tree.text(path).startswith("#!")


def check_readmes(tree, report):
    folders = {""}
    for path in tree.paths:
        if path.endswith(SOURCES) or is_script(tree, path):
            folders.add(os.path.dirname(path))
    folders -= NO_README
    breaches = [f"{folder or '.'}:1: has no README.md" for folder in sorted(folders)
                if os.path.join(folder, "README.md") not in tree.paths]
    report.rule("readmes", f"{len(folders)} folders", breaches)


def check_format(tree, report):
    tool = find_clang_format()
    if tool is None:
        report.skip("format", "no clang-format 14: apt install clang-format-14")
        return
    paths = tree.ending(C_FILES)
    done = subprocess.run([tool, "--dry-run", "-Werror"] + paths, cwd=tree.root, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True)
    wrong = sorted(set(re.findall(r"^(\S+?:\d+):\d+: error:", done.stderr, re.MULTILINE)))
    breaches = [f"{place}: not as clang-format writes it" for place in wrong]
    if done.returncode != 0 and not wrong:
        breaches = [f"clang-format: {done.stderr.strip()}"]
    report.rule("format", f"{len(paths)} files", breaches)


def find_clang_format():
    for name in ("clang-format-14", "clang-format"):
        tool = shutil.which(name)
        if tool and " 14." in subprocess.check_output([tool, "--version"], universal_newlines=True):
            return tool
    return None


# -- ratios: shown, not judged ----------------------------------------------------------------------


def note_ratios(tree, report):
    code, comment, asserts, tests = 0, 0, 0, 0
    for path in tree.ending(C_FILES):
        lines = count_lines(tree.lines(path))
        if in_group(path, "library"):
            code += lines[0]
            comment += lines[1]
            asserts += len(re.findall(r"\b(?:HUNCH_ASSERT(?:_DEEP)?|_Static_assert)\(", tree.text(path)))
        elif in_group(path, "tests"):
            tests += lines[0]
    if code:
        report.note("ratios", f"library {code} lines of code: {comment / code:.2f} of comment, "
                    f"{1000 * asserts / code:.0f} asserts a thousand, {tests / code:.1f} of tests")


def count_lines(lines):
    """(code, comment): a line that has both counts as code."""
    code, comment, inside = 0, 0, False
    for line in lines:
        text = line.strip()
        rest = re.sub(r"/\*.*?\*/", "", text)
        if inside:
            inside = "*/" not in text
            comment += 1
        elif not text:
            continue
        elif not rest or rest.startswith(("/*", "//")):
            inside = rest.startswith("/*")
            comment += 1
        else:
            inside = "/*" in rest
            code += 1
    return code, comment


# -- files ------------------------------------------------------------------------------------------


def list_files(root):
    """Paths from the root: git's files, new ones included, or all of a tree that is no clone."""
    if os.path.exists(os.path.join(root, ".git")) and shutil.which("git"):
        done = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-co", "-z",
                               "--exclude-standard"], cwd=root, check=False,
                              stdout=subprocess.PIPE, universal_newlines=True)
        if done.returncode == 0:
            return done.stdout.split("\0")[:-1]
    found = []
    for folder, names, files in os.walk(root):
        names[:] = [n for n in names if n not in (".git", "build", "cache", "__pycache__")]
        found += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv))
