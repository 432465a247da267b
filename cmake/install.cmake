# `cmake --install build/release --prefix /usr/local`: the program, what it reads, and how to use it. The program finds
# ../share/robotrader from where it lies, and Arrow's libraries, which no Debian package brings, in ../lib/robotrader.
include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATADIR}/robotrader)
set_target_properties(robotrader PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/robotrader")
install(TARGETS robotrader RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(lib arrow parquet)
  get_target_property(file Arrow::${lib} IMPORTED_LOCATION)
  get_target_property(soname Arrow::${lib} IMPORTED_SONAME)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/robotrader RENAME ${soname})
endforeach()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/data ${CMAKE_SOURCE_DIR}/config DESTINATION ${share})
# Built by ./run build; without it the program runs and the desk says that its page is not there.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/ui/web/dist DESTINATION ${share}/ui/web OPTIONAL)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
