# The libraries, made from the layers' objects, and their installation.
#
# libhunch links libc, libm and pthreads only. What needs more goes into a library of its own, made
# the same way and installed as a component of the package: train (OpenBLAS), place (protobuf-c,
# jansson, METIS, Scotch), tune (SQLite, libucl, NLopt). The last two have no content yet, so they are
# not built, and train only where OpenBLAS is; find_package(hunch COMPONENTS place) says so.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

get_property(layers GLOBAL PROPERTY HUNCH_LAYERS)
set(objects)
foreach(layer IN LISTS layers)
  list(APPEND objects $<TARGET_OBJECTS:${layer}>)
endforeach()
hunch_add_libraries(hunch hunch ${PROJECT_SOURCE_DIR}/lib/hunch.map SHARED ${objects} STATIC ${objects})
foreach(kind IN ITEMS shared static)
  target_link_libraries(hunch_${kind} PUBLIC Threads::Threads m)
endforeach()
add_library(hunch::hunch ALIAS hunch_shared) # as the installed package calls it

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
install(FILES include/hunch/alloc.h include/hunch/alloc_jemalloc.h include/hunch/choice.h
              include/hunch/hunch.h include/hunch/index.h include/hunch/io.h
              include/hunch/learner.h include/hunch/status.h
              include/hunch/train.h include/hunch/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hunch)

if(HUNCH_TRAIN)
  add_subdirectory(lib/train)
endif()
