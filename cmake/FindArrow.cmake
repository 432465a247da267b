# Arrow::arrow and Arrow::parquet: from ARROW_ROOT where it is set, else from the pinned libraries that ./run unpacks
# (they come as an archive on every machine; Debian 12 has no package). Fetches them when they are not there yet.
function(robo_look_for_arrow)
  file(GLOB unpacked ${CMAKE_SOURCE_DIR}/build/deps/arrow-*)
  find_path(ARROW_DIR NAMES include/arrow/api.h HINTS ${ARROW_ROOT} $ENV{ARROW_ROOT} ${unpacked} NO_DEFAULT_PATH)
endfunction()

robo_look_for_arrow()
if(NOT ARROW_DIR)
  message(STATUS "Arrow is not here yet: ./run need-arrow")
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/run need-arrow WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  robo_look_for_arrow()
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Arrow REQUIRED_VARS ARROW_DIR
  REASON_FAILURE_MESSAGE "Run ./run setup once with network, or set ARROW_ROOT to a folder that holds include/arrow and libarrow.so.")
if(Arrow_FOUND AND NOT TARGET Arrow::arrow)
  file(STRINGS "${ARROW_DIR}/include/arrow/util/config.h" so REGEX "define ARROW_SO_VERSION")
  string(REGEX REPLACE ".*\"([0-9]+)\".*" "\\1" so "${so}")
  foreach(lib arrow parquet)
    find_library(ARROW_FILE_${lib} NAMES lib${lib}.so.${so} lib${lib}.so HINTS ${ARROW_DIR} ${ARROW_DIR}/lib ${ARROW_DIR}/lib/x86_64-linux-gnu
      NO_DEFAULT_PATH REQUIRED)
    add_library(Arrow::${lib} SHARED IMPORTED GLOBAL)
    set_target_properties(Arrow::${lib} PROPERTIES IMPORTED_LOCATION "${ARROW_FILE_${lib}}"
      IMPORTED_SONAME "lib${lib}.so.${so}" INTERFACE_INCLUDE_DIRECTORIES "${ARROW_DIR}/include")
  endforeach()
  set_property(TARGET Arrow::parquet PROPERTY INTERFACE_LINK_LIBRARIES Arrow::arrow)
  # libparquet holds an OpenSSL of its own and shows its 2,300 functions to everybody. Whoever comes first in the order of libraries
  # answers: without this libssl, libcrypto and libpq would call into libparquet's, of another version, and a process in which somebody
  # else loads libcrypto later (Python's hashlib) dies.
  set_property(TARGET Arrow::parquet PROPERTY INTERFACE_LINK_OPTIONS
    "LINKER:--push-state,--no-as-needed,${OPENSSL_SSL_LIBRARY},${OPENSSL_CRYPTO_LIBRARY},--pop-state")
endif()
