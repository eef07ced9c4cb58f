# How a target is made here: flags for each target alone, include paths that enforce the layers.

# Flags of everything we compile ourselves; linked privately, so that no user inherits them.
add_library(hunch_flags INTERFACE)
target_compile_features(hunch_flags INTERFACE c_std_11)
target_compile_options(hunch_flags INTERFACE
  -ffp-contract=off # the same bits on machines with fused multiply-add and without
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wvla -Wdouble-promotion -Wundef
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  $<$<BOOL:${HUNCH_WERROR}>:-Werror>
  $<$<BOOL:${HUNCH_COVERAGE}>:--coverage -fprofile-update=atomic>)
target_link_options(hunch_flags INTERFACE $<$<BOOL:${HUNCH_COVERAGE}>:--coverage>)

if(HUNCH_ASSERT_LEVEL STREQUAL "")
  target_compile_definitions(hunch_flags INTERFACE $<$<CONFIG:Debug>:HUNCH_ASSERT_LEVEL=1>)
else()
  target_compile_definitions(hunch_flags INTERFACE HUNCH_ASSERT_LEVEL=${HUNCH_ASSERT_LEVEL})
endif()

if(HUNCH_SANITIZE)
  target_compile_options(hunch_flags INTERFACE
    -fsanitize=${HUNCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hunch_flags INTERFACE -fsanitize=${HUNCH_SANITIZE})
endif()
if(HUNCH_FUZZ)
  target_compile_options(hunch_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# hunch_add_layer(NAME [SOURCES file...] [USES layer...])
#
# A folder of the library: an object library hunch_NAME whose sources see their own folder, the
# folders of the layers in USES (and of theirs), the public headers, and nothing else. A layer that
# includes what it may not does not compile.
function(hunch_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "SOURCES;USES")
  add_library(hunch_${name} OBJECT ${layer_SOURCES})
  target_include_directories(hunch_${name} PUBLIC
    ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  list(TRANSFORM layer_USES PREPEND hunch_)
  target_link_libraries(hunch_${name} PUBLIC ${layer_USES} PRIVATE hunch_flags)
  set_target_properties(hunch_${name} PROPERTIES
    C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden POSITION_INDEPENDENT_CODE ON)
  set_property(GLOBAL APPEND PROPERTY HUNCH_LAYERS hunch_${name})
endfunction()

# hunch_add_libraries(NAME OUTPUT MAP SHARED object... STATIC object...)
#
# A library that is installed, as NAME_shared and NAME_static, both called OUTPUT in the file system.
# The shared one exports what the version script MAP lists.
function(hunch_add_libraries name output map)
  cmake_parse_arguments(PARSE_ARGV 3 library "" "" "SHARED;STATIC")
  foreach(kind IN ITEMS shared static)
    string(TOUPPER ${kind} KIND)
    add_library(${name}_${kind} ${KIND} ${library_${KIND}})
    add_library(hunch::${name}_${kind} ALIAS ${name}_${kind})
    target_include_directories(${name}_${kind} PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # What the objects were instrumented with, the link needs too; not installed.
    target_link_options(${name}_${kind} PRIVATE $<$<BOOL:${HUNCH_COVERAGE}>:--coverage>)
    if(HUNCH_SANITIZE) # its comma would end a generator expression
      target_link_options(${name}_${kind} PRIVATE -fsanitize=${HUNCH_SANITIZE})
    endif()
    set_target_properties(${name}_${kind} PROPERTIES
      OUTPUT_NAME ${output} EXPORT_NAME ${name}_${kind} LINKER_LANGUAGE C)
  endforeach()

  # The soname is the ABI: 0.MINOR until 1.0, where it becomes 1.
  set_target_properties(${name}_shared PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    LINK_DEPENDS ${map})
  target_link_options(${name}_shared PRIVATE
    "LINKER:--version-script=${map}" "LINKER:--no-undefined-version")
  if(NOT HUNCH_SANITIZE) # the sanitizers' runtime is found in the executable
    target_link_options(${name}_shared PRIVATE LINKER:-z,defs)
  endif()
endfunction()

# hunch_add_program(NAME SOURCES file... [USES target...])
#
# An executable of ours: linked statically to the library, so that it may use internal layers, and
# to jemalloc when that is wanted and there.
function(hunch_add_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "SOURCES;USES")
  add_executable(${name} ${program_SOURCES})
  get_property(layers GLOBAL PROPERTY HUNCH_LAYERS)
  foreach(layer IN LISTS layers)
    target_include_directories(${name} PRIVATE
      $<TARGET_PROPERTY:${layer},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  target_link_libraries(${name} PRIVATE ${program_USES} hunch_static hunch_flags)
  set_target_properties(${name} PROPERTIES C_EXTENSIONS OFF)
  if(HUNCH_JEMALLOC AND NOT HUNCH_SANITIZE)
    find_package(PkgConfig)
    if(PkgConfig_FOUND)
      pkg_check_modules(JEMALLOC IMPORTED_TARGET jemalloc)
    endif()
    if(JEMALLOC_FOUND)
      target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
      target_compile_definitions(${name} PRIVATE HUNCH_HAVE_JEMALLOC)
    endif()
  endif()
endfunction()
