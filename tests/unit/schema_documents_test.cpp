#include "turnstone/core/schema_documents.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

const ObjectKey table{"public.t", "table"};

std::string shown(const SchemaObject &object) {
    const auto physical = [](const Physical &one) {
        return std::to_string(one.catalog) + '/' + std::to_string(one.id) + ' ' + one.meanings;
    };
    std::string text = object.properties + ' ' + physical(object.physical) + '\n';
    for (const Part &part : object.parts)
        text += part.type + ' ' + part.name + ' ' + part.properties + ' ' + physical(part.physical) + '\n';
    return text;
}

TEST(SchemaDocuments, HoldWhatTheObjectsAre) {
    SchemaObject object{
        R"({"owner":"ann"})",
        {1259, 16384, R"({"":"2200.t"})"},
        {{"index", "i", R"({"definition":"CREATE"})", {0, 16390, R"({"definition":"ff"})"}},
         {"table column", R"("a\b")", R"({"comment":"\u0001 \"x\"","type":"text"})", {0, 1, {}}}}};
    const SchemaObject read = object_of(table, document_of(object));
    EXPECT_EQ(shown(read), shown(object));
    SchemaObject only_parts{{}, {1259, 1, {}}, {{"trigger", "x", "{}", {}}}};
    EXPECT_EQ(shown(object_of(table, document_of(only_parts))), shown(only_parts));
}

TEST(SchemaDocuments, AreTheSameWhateverTheOrderOfTheParts) {
    SchemaObject one{
        "{}", {}, {{"index", "b", "{}", {}}, {"column", "z", "{}", {}}, {"index", "a", "{}", {}}}};
    SchemaObject other{
        "{}", {}, {{"column", "z", "{}", {}}, {"index", "a", "{}", {}}, {"index", "b", "{}", {}}}};
    EXPECT_EQ(document_of(one), document_of(other));
}

TEST(SchemaDocuments, ArePortableWithoutNumbersAndMeanings) {
    SchemaObject here{
        "{}", {1259, 16384, R"({"":"x"})"}, {{"index", "i", "{}", {0, 3, R"({"definition":"a"})"}}}};
    SchemaObject there{"{}", {1259, 999, {}}, {{"index", "i", "{}", {0, 4, {}}}}};
    EXPECT_EQ(portable(table, document_of(here)), portable(table, document_of(there)));
    there.parts[0].properties = R"({"a":1})";
    EXPECT_NE(portable(table, document_of(here)), portable(table, document_of(there)));
}

TEST(SchemaDocuments, KeepPropertiesInOneForm) {
    EXPECT_EQ(canonical_properties(R"({ "b" : 1, "a" : [ "x", true ] })"), R"({"a":["x",true],"b":1})");
    EXPECT_EQ(canonical_properties("no JSON"), "no JSON");
}

TEST(SchemaDocuments, WhatIsNoDocumentIsAnErrorOfCore) {
    for (const char *text : {"", "[]", "{}", R"({"id":[],"parts":[],"properties":{}})",
                             R"({"id":["1",2],"parts":[],"properties":{}})",
                             R"({"id":[1,2],"parts":[["table column"]],"properties":{}})",
                             R"({"id":[1,2],"parts":[1],"properties":{}})"})
        EXPECT_THROW((void)object_of(table, text), Error) << text;
}

TEST(SchemaDocuments, OnlyThoseThatDifferAreOpened) {
    SchemaObject empty{"{}", {}, {}};
    const SchemaDocuments left{{table, document_of(empty)}, {{"public.u", "table"}, "broken"}};
    SchemaDocuments right = left;
    right.erase(table);
    const auto objects = objects_that_differ({&left, &right});
    EXPECT_EQ(objects[0].size(), 1U);
    EXPECT_TRUE(objects[1].empty());
    right[{"public.u", "table"}] = "broken too";
    EXPECT_THROW((void)objects_that_differ({&left, &right}), Error);
}

TEST(SchemaDocuments, TheTablesAboveThoseThatDifferAreOpenedWithThem) {
    const auto child_of = [](const char *parents, const char *meanings) {
        SchemaObject child{std::string(R"({"parents":)") + parents + "}", {1259, 2, meanings}, {}};
        return document_of(child);
    };
    SchemaObject empty{"{}", {}, {}};
    const ObjectKey child{"public.child", "table"};
    const ObjectKey parent{"public.parent", "table"};
    const SchemaDocuments left{{child, child_of(R"(["public.parent"])", R"({"parents":"7 8"})")},
                               {parent, child_of(R"(["public.t"])", "")},
                               {table, document_of(empty)},
                               {{"public.u", "table"}, "broken"}};
    SchemaDocuments right = left;
    right[child] = document_of(empty);
    const auto states = states_to_compare(left, right);
    EXPECT_EQ(states[0].size(), 3U);
    EXPECT_EQ(states[1].size(), 3U);
    EXPECT_EQ(parents_of(child, left.at(child)), (std::vector<std::int64_t>{7, 8}));
    EXPECT_TRUE(parents_of(child, right.at(child)).empty());
}

} // namespace
} // namespace turnstone::core
