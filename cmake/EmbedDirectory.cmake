# embed_directory(TARGET target DIRECTORY directory PATTERN glob [EXCLUDE regex] HEADER header FUNCTION function)
#
# Embeds every file below the directory whose name matches the pattern, and whose path matches no EXCLUDE, into the
# target, and defines there the function (a qualified name), which HEADER must declare:
#
#     std::span<const framewright::EmbeddedFile> function();
#
# The files come sorted by their path, which is relative to the directory. The assembler copies them (.incbin), so that
# megabytes cost no compile time; an edited, added or removed file leads to a new build of the target.
function(embed_directory)
    cmake_parse_arguments(PARSE_ARGV 0 embed "" "TARGET;DIRECTORY;PATTERN;EXCLUDE;HEADER;FUNCTION" "")
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${embed_DIRECTORY} ${embed_DIRECTORY}/${embed_PATTERN})
    if(embed_EXCLUDE)
        list(FILTER files EXCLUDE REGEX ${embed_EXCLUDE})
    endif()
    list(SORT files)

    string(REGEX REPLACE "^.*::" "" name ${embed_FUNCTION})
    string(REGEX REPLACE "::[^:]*$" "" namespace ${embed_FUNCTION})
    set(assembler "    .section .rodata\n")
    set(declarations "")
    set(entries "")
    set(paths "")
    set(index 0)
    foreach(file IN LISTS files)
        set(symbol "framewright_${name}_${index}")
        string(APPEND assembler
            "    .globl ${symbol}, ${symbol}_size\n"
            "${symbol}:\n    .incbin \"${embed_DIRECTORY}/${file}\"\n${symbol}_end:\n"
            "    .balign 8\n${symbol}_size:\n    .quad ${symbol}_end - ${symbol}\n")
        string(APPEND declarations
            "extern const char ${symbol}[];\nextern const std::uint64_t ${symbol}_size;\n")
        string(APPEND entries "        {\"${file}\", {${symbol}, ${symbol}_size}},\n")
        list(APPEND paths ${embed_DIRECTORY}/${file})
        math(EXPR index "${index} + 1")
    endforeach()
    string(APPEND assembler "    .section .note.GNU-stack,\"\",%progbits\n")

    set(generated ${CMAKE_BINARY_DIR}/generated/${name})
    file(CONFIGURE OUTPUT ${generated}.S CONTENT "${assembler}" @ONLY)
    file(CONFIGURE OUTPUT ${generated}.cpp @ONLY CONTENT "#include \"${embed_HEADER}\"

#include <cstdint>
#include <vector>

extern \"C\" {
${declarations}}

namespace ${namespace} {

std::span<const EmbeddedFile> ${name}() {
    static const std::vector<EmbeddedFile> files{
${entries}    };
    return files;
}

}  // namespace ${namespace}
")
    set_source_files_properties(${generated}.S PROPERTIES OBJECT_DEPENDS "${paths}")
    target_sources(${embed_TARGET} PRIVATE ${generated}.S ${generated}.cpp)
endfunction()
