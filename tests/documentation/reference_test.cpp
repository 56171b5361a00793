// What field types say of themselves stands in the guide and in the schema.
#include <gtest/gtest.h>

#include "tests/documentation/markdown.hpp"
#include "tests/reference/reference.hpp"

namespace framewright::tests {
namespace {

constexpr const char* kHint = "run ./run reference";

TEST(Reference, GuideIsUpToDate) {
    const std::string guide = read_source("protocol_db/README.md");
    EXPECT_EQ(reference::update_guide(guide), guide) << kHint;
}

TEST(Reference, SchemaIsUpToDate) {
    const std::string schema = read_source("protocol_db/definitions.schema.json");
    EXPECT_EQ(reference::update_schema(schema), schema) << kHint;
}

TEST(Reference, RefusesWhatItCannotMake) {
    EXPECT_THROW(reference::update_guide("<!-- made by ./run reference: colours -->\n<!-- end -->"),
                 std::runtime_error);
    EXPECT_THROW(reference::update_guide("<!-- made by ./run reference: bits -->\n"), std::runtime_error);
    EXPECT_THROW(reference::update_schema("{}"), std::runtime_error);
}

}  // namespace
}  // namespace framewright::tests
