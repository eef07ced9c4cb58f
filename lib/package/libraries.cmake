# The libraries, made from the layers' objects, and their installation.
#
# libhunch links libc, libm and pthreads only. What needs more goes into a library of its own, made
# the same way and installed as a component of the package: train (OpenBLAS), place (protobuf-c,
# jansson, METIS, Scotch), tune (SQLite, libucl, NLopt). None of those has any content yet, so none
# is built; find_package(hunch COMPONENTS place) says so.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

get_property(layers GLOBAL PROPERTY HUNCH_LAYERS)
set(objects)
foreach(layer IN LISTS layers)
  list(APPEND objects $<TARGET_OBJECTS:${layer}>)
endforeach()

foreach(kind IN ITEMS shared static)
  string(TOUPPER ${kind} KIND)
  add_library(hunch_${kind} ${KIND} ${objects})
  add_library(hunch::hunch_${kind} ALIAS hunch_${kind})
  target_include_directories(hunch_${kind} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(hunch_${kind} PUBLIC Threads::Threads m)
  # What the objects were instrumented with, the link needs too; not installed.
  target_link_options(hunch_${kind} PRIVATE $<$<BOOL:${HUNCH_COVERAGE}>:--coverage>)
  if(HUNCH_SANITIZE) # its comma would end a generator expression
    target_link_options(hunch_${kind} PRIVATE -fsanitize=${HUNCH_SANITIZE})
  endif()
  set_target_properties(hunch_${kind} PROPERTIES OUTPUT_NAME hunch EXPORT_NAME hunch_${kind})
endforeach()

add_library(hunch::hunch ALIAS hunch_shared) # as the installed package calls it

# The soname is the ABI: 0.MINOR until 1.0, where it becomes 1.
set_target_properties(hunch_shared PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/lib/hunch.map)
target_link_options(hunch_shared PRIVATE
  "LINKER:--version-script=${PROJECT_SOURCE_DIR}/lib/hunch.map" "LINKER:--no-undefined-version")
if(NOT HUNCH_SANITIZE) # the sanitizers' runtime is found in the executable
  target_link_options(hunch_shared PRIVATE LINKER:-z,defs)
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hunch)
configure_package_config_file(lib/package/hunchConfig.cmake.in hunchConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(hunchConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# Found from the .pc file's own place, so that `cmake --install --prefix` and a moved tree work.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(lib/package/hunch.pc.in hunch.pc @ONLY)

install(TARGETS hunch_shared hunch_static EXPORT hunch-core)
install(EXPORT hunch-core NAMESPACE hunch:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/hunchConfig.cmake ${PROJECT_BINARY_DIR}/hunchConfigVersion.cmake
        DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/hunch.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# Named one by one: the drafts of later components stay in the tree.
install(FILES include/hunch/alloc.h include/hunch/alloc_jemalloc.h include/hunch/hunch.h
              include/hunch/index.h include/hunch/io.h include/hunch/status.h
              include/hunch/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hunch)
