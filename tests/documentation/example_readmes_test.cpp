// The READMEs of the client examples: their commands are run, and their answers compared.
#include <gtest/gtest.h>

#include "tests/documentation/markdown.hpp"
#include "tests/documentation/page_reader.hpp"
#include "tests/documentation/script.hpp"

namespace framewright::tests {
namespace {

class ExampleReadmes : public testing::TestWithParam<const char*> {};

TEST_P(ExampleReadmes, CommandsAndAnswers) {
    if (!has_python_module("zmq")) {
        GTEST_SKIP() << "needs the Debian package python3-zmq";
    }
    PageReader reader;
    reader.follow(read_page(GetParam()));
    EXPECT_GE(reader.commands(), 3U);
    EXPECT_GE(reader.answers(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Documentation, ExampleReadmes,
                         testing::Values("client_examples/escp/README.md", "client_examples/key_value/README.md"));

}  // namespace
}  // namespace framewright::tests
