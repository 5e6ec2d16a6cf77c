#include "turnstone/core/schema_documents.hpp"

#include <random>

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

const ObjectKey table{"public.t", "table"};

Snapshot objects_of(const SchemaDocuments &documents) {
    Snapshot objects;
    for (const auto &[root, document] : documents)
        add_objects(root, document, objects);
    return objects;
}

std::string shown(const Snapshot &objects) {
    std::string text;
    for (const auto &[key, state] : objects)
        text += key.type + ' ' + key.identity + " of " + state.parent.type + ' ' + state.parent.identity +
                ' ' + state.properties + '\n';
    return text;
}

TEST(SchemaDocuments, HoldWhatTheObjectsAre) {
    const Snapshot objects{
        {table, {{}, R"({"owner":"ann"})"}},
        {{"public.t.\"a\\b\"", "table column"}, {table, R"({"comment":"\u0001 \"x\"","type":"text"})"}},
        {{"public.i", "index"}, {table, R"({"definition":"CREATE"})"}},
        {{"public.v", "view"}, {{}, "{}"}},
        {{"orphan on public.w", "trigger"}, {{"public.w", "table"}, "{}"}},
    };
    const SchemaDocuments documents = documents_of(objects);
    EXPECT_EQ(documents.size(), 3U);
    EXPECT_EQ(shown(objects_of(documents)), shown(objects));
}

TEST(SchemaDocuments, AreTheSameWhateverTheOrderOfTheParts) {
    ObjectGroup one{"{}", {{"index", "b", "{}"}, {"column", "z", "{}"}, {"index", "a", "{}"}}};
    ObjectGroup other{"{}", {{"column", "z", "{}"}, {"index", "a", "{}"}, {"index", "b", "{}"}}};
    EXPECT_EQ(document_of(one), document_of(other));
}

TEST(SchemaDocuments, KeepPropertiesInOneForm) {
    EXPECT_EQ(canonical_properties(R"({ "b" : 1, "a" : [ "x", true ] })"), R"({"a":["x",true],"b":1})");
    EXPECT_EQ(canonical_properties("no JSON"), "no JSON");
}

TEST(SchemaDocuments, OnlyThoseThatDifferAreOpened) {
    ObjectGroup empty{"{}", {}};
    const SchemaDocuments left{{table, document_of(empty)}, {{"public.u", "table"}, "broken"}};
    SchemaDocuments right = left;
    right.erase(table);
    const auto objects = objects_that_differ({&left, &right});
    EXPECT_EQ(objects[0].size(), 1U);
    EXPECT_TRUE(objects[1].empty());
    right[{"public.u", "table"}] = "broken too";
    EXPECT_THROW((void)objects_that_differ({&left, &right}), Error);
}

// Three states of a small world, at random: objects that come, go, change, and move to another table.
Snapshot any_state(std::mt19937 &random) {
    Snapshot objects;
    for (const char *name : {"public.a", "public.b", "public.c"}) {
        if (random() % 4 != 0)
            objects.insert_or_assign(
                ObjectKey{name, "table"},
                ObjectState{{},
                            random() % 2 == 0 ? R"({"owner":"ann"})" : R"({"comment":"c","owner":"eve"})"});
    }
    for (const char *name : {"public.i", "public.j", "public.k", "public.l"}) {
        const std::string parent = std::string("public.") + "abc"[random() % 3];
        if (random() % 3 != 0)
            objects.insert_or_assign(
                ObjectKey{name, "index"},
                ObjectState{{parent, "table"},
                            random() % 2 == 0 ? R"({"definition":"x"})" : R"({"definition":"y"})"});
    }
    return objects;
}

TEST(SchemaDocuments, AdvanceAsTheObjectsThemselves) {
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        const Snapshot recorded = any_state(random);
        const Snapshot before = random() % 2 == 0 ? recorded : any_state(random);
        const Snapshot after = random() % 4 == 0 ? before : any_state(random);
        EXPECT_EQ(documents_of(advanced(recorded, before, after)),
                  advanced(documents_of(recorded), documents_of(before), documents_of(after)));
    }
}

} // namespace
} // namespace turnstone::core
