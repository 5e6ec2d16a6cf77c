#include "turnstone/core/schema_export.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

SchemaExport example() {
    SchemaObject table{R"({"owner":"a\"nn"})",
                       {1259, 16384, R"({"":"2200.t"})"},
                       {{"table column", "n", R"({"type":"integer"})", {0, 1, R"({"type":"x"})"}}}};
    SchemaObject only_parts{{}, {1259, 3, {}}, {{"trigger", "x", "{}", {0, 9, {}}}}};
    SchemaExport schema;
    schema.server_version_num = 150020;
    schema.database = "my \"db\"";
    schema.time = "2026-01-02 03:04:05+00";
    schema.fingerprint = "ff";
    schema.documents = {{{"public.t", "table"}, document_of(table)},
                        {{"public.a", "table"}, document_of(only_parts)}};
    return schema;
}

Error error_of(const std::string &text) {
    try {
        read_export(text);
    } catch (const Error &error) {
        return error;
    }
    return {ErrorCode::internal, "no error"};
}

TEST(SchemaExport, HasOneTextForOneState) {
    EXPECT_EQ(
        export_text(example()),
        "{\"turnstone_schema\":1,\n\"server_version_num\":150020,\n\"database\":\"my \\\"db\\\"\",\n"
        "\"time\":\"2026-01-02 03:04:05+00\",\n\"fingerprint\":\"ff\",\n\"objects\":[\n"
        "{\"type\":\"table\",\"identity\":\"public.a\",\"document\":{\"id\":[0,0],\"parts\":[\n"
        "[\"trigger\",\"x\",{},0]],\"properties\":null}},\n"
        "{\"type\":\"table\",\"identity\":\"public.t\",\"document\":{\"id\":[0,0],\"parts\":[\n"
        "[\"table column\",\"n\",{\"type\":\"integer\"},0]],\"properties\":{\"owner\":\"a\\\"nn\"}}}\n]}");
}

TEST(SchemaExport, IsReadAsItWasWritten) {
    SchemaExport schema = example();
    schema.journal_id = 7;
    schema.schemas = {"public", "Odd one"};
    schema.unmodelled = {{"large object", "2"}};
    const SchemaExport read = read_export(export_text(schema));
    EXPECT_EQ(read.server_version_num, 150020);
    EXPECT_EQ(read.database, schema.database);
    EXPECT_EQ(read.time, schema.time);
    EXPECT_EQ(read.fingerprint, "ff");
    EXPECT_EQ(read.journal_id, 7);
    EXPECT_EQ(read.schemas, schema.schemas);
    EXPECT_EQ(read.unmodelled, schema.unmodelled);
    ASSERT_EQ(read.documents.size(), 2);
    EXPECT_EQ(export_text(read), export_text(schema));
}

// As jsonb gives it back.
TEST(SchemaExport, IsReadInAnyOrderAndSpacing) {
    const SchemaExport read = read_export(
        R"({ "objects": [ {"document": {"properties": {"b": 1, "a": true}, "parts": [], "id": [0, 0]},
             "type": "table", "identity": "public.t"} ], "turnstone_schema": 1, "later": {"x": [1]} })");
    SchemaObject table{R"({"a":true,"b":1})", {}, {}};
    EXPECT_EQ(read.documents, (SchemaDocuments{{{"public.t", "table"}, document_of(table)}}));
}

TEST(SchemaExport, OfANewerFormatIsRefused) {
    const Error error = error_of(R"({"turnstone_schema":2,"objects":"who knows"})");
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_EQ(error.message(),
              "the exported schema has format 2, which this version of turnstone does not know");
    EXPECT_FALSE(error.hint().empty());
}

TEST(SchemaExport, SaysWhatIsWrong) {
    const auto detail = [](const std::string &text) {
        const Error error = error_of(text);
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
        EXPECT_EQ(error.message(), "this is no exported schema");
        EXPECT_FALSE(error.hint().empty());
        return error.detail();
    };
    const auto with = [](const std::string &objects) {
        return R"({"turnstone_schema":1,"objects":)" + objects + "}";
    };
    EXPECT_EQ(detail("{"), "It is no JSON.");
    EXPECT_EQ(detail("[]"), "The key \"turnstone_schema\" is missing.");
    EXPECT_EQ(detail(R"({"turnstone_schema":"1"})"), "\"turnstone_schema\" is no format's number.");
    EXPECT_EQ(detail(R"({"turnstone_schema":0})"), "\"turnstone_schema\" is no format's number.");
    EXPECT_EQ(detail(R"({"turnstone_schema":1,"database":3})"),
              "\"database\" is of another type than it should be.");
    EXPECT_EQ(detail(R"({"turnstone_schema":1})"), "It has no list of \"objects\".");
    EXPECT_EQ(detail(with("[7]")), "Object 1 has no \"identity\".");
    EXPECT_EQ(detail(with(R"([{"identity":"x"}])")), "Object 1 has no \"type\".");
    const std::string named = R"({"identity":"x","type":"table","document":)";
    EXPECT_EQ(detail(with("[" + named + "{}}]")), "The document of object 1 is none.");
    EXPECT_EQ(detail(with("[" + named + R"({"id":[0,0],"properties":{},"parts":[["a","b",3,0]]}}])")),
              "The document of object 1 is none.");
    const std::string good = named + R"({"id":[0,0],"properties":{},"parts":[]}})";
    EXPECT_EQ(detail(with("[" + good + "," + good + "]")), "Object 2 is there twice.");
    EXPECT_EQ(detail(with(std::string(40, '[') + std::string(40, ']'))),
              "It is nested deeper than 32 levels.");
}

} // namespace
} // namespace turnstone::core
