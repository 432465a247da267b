# cmake -DOUTPUT=x.cpp -DNAMESPACE=robo::research::page "-DFILES=name=path;name=path" -P embed.cmake
# Writes a source file with the bytes of each file as `extern const std::string_view name`.
set(text "#include <string_view>\n\nnamespace ${NAMESPACE} {\n")
foreach(pair ${FILES})
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${pair}")
  set(name ${CMAKE_MATCH_1})
  file(READ "${CMAKE_MATCH_2}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND text "static constexpr char ${name}_bytes[] = {${bytes}'\\0'};\nextern const std::string_view ${name};\n"
                     "const std::string_view ${name}{${name}_bytes, ${size}};\n")
endforeach()
string(APPEND text "}  // namespace ${NAMESPACE}\n")
file(WRITE "${OUTPUT}" "${text}")
