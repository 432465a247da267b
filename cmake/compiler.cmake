# Flags every room is built with. Reasons and measurements: docs/architecture.md, "Build".
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

add_compile_options(
  -march=x86-64-v3 -ffp-contract=off -fvisibility=hidden
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # g++ 12's own std::stable_sort calls get_temporary_buffer, which C++17 deprecated; clang tells every user of it.
  add_compile_options(-Wno-deprecated-declarations)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # ccache has made every path relative to the build folder; an absolute path here would be a part of every key, and no two
  # checkouts would share an object.
  add_compile_options(-ffile-prefix-map=../../=)
  # base_dir and no hash_dir: two checkouts share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
else()
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
endif()
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

set(ROBO_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
if(ROBO_SANITIZE)
  add_compile_options(-fsanitize=${ROBO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ROBO_SANITIZE})
endif()
