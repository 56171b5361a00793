# What every target of this project is compiled with, and nothing of others.

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# The fortified C library needs optimization, and cannot be combined with the sanitizers.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2")
set(CMAKE_CXX_FLAGS_DEBUG "-g -D_GLIBCXX_ASSERTIONS")

find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(framewright_options INTERFACE)
target_compile_options(framewright_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror>)

if(FRAMEWRIGHT_SANITIZE)
    # For whole programs: the embedded libraries must agree on it with those who link them.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
    string(APPEND CMAKE_CXX_FLAGS_DEBUG " -O1")
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # What gcc derives from the data flow is not reliable with the code of the sanitizers in it, as it says itself.
        target_compile_options(framewright_options INTERFACE
            -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
    endif()
endif()

if(FRAMEWRIGHT_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
        message(FATAL_ERROR "FRAMEWRIGHT_FUZZ needs clang: cmake --preset fuzz")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
