#include "turnstone/core/snapshot.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/comparison.hpp"

namespace turnstone::core {
namespace {

SchemaObject object(const std::string &properties, std::int64_t id = 0, std::vector<Part> parts = {}) {
    return {properties, {1259, id, {}}, std::move(parts)};
}

Part column(const std::string &name, const std::string &properties, std::int64_t number = 0) {
    return {"table column", name, properties, {0, number, {}}};
}

std::string shown(const Snapshot &state) {
    std::string text;
    for (const auto &[key, object] : state) {
        text += key.identity + ' ' + object.properties + '\n';
        for (const Part &part : object.parts)
            text += "  " + part.name + ' ' + part.properties + '\n';
    }
    return text;
}

const ObjectKey t{"public.t", "table"};
const ObjectKey u{"public.u", "table"};
const ObjectKey v{"public.v", "table"};

TEST(PartIdentity, IsThatOfTheServer) {
    EXPECT_EQ(part_identity({"public.t", "table"}, {"table column", "c", {}, {}}), "public.t.c");
    EXPECT_EQ(part_identity({"\"a.\"\"b\".t", "table"}, {"index", "\"I\"", {}, {}}), "\"a.\"\"b\".\"I\"");
    EXPECT_EQ(part_identity({"public.t", "table"}, {"trigger", "x", {}, {}}), "x on public.t");
}

TEST(Advanced, TakesWhatTheRunChangedAndNothingElse) {
    const Snapshot recorded{{t, object(R"({"comment":"c","options":"a","owner":"ann"})")}, {u, object("{}")}};
    // Somebody changed the owner, dropped u and made x; the run then changed the options, dropped the
    // comment, made v.
    const ObjectKey x{"public.x", "table"};
    const Snapshot before{{t, object(R"({"comment":"c","options":"a","owner":"eve"})")}, {x, object("{}")}};
    const Snapshot after{{t, object(R"({"options":"b","owner":"eve"})")},
                         {x, object(R"({"owner":"eve"})")},
                         {v, object("{}")}};
    EXPECT_EQ(shown(advanced(recorded, before, after)),
              "public.t {\"options\":\"b\",\"owner\":\"ann\"}\npublic.u {}\npublic.v {}\n");
    EXPECT_EQ(shown(advanced(before, before, after)), shown(after));
    EXPECT_EQ(shown(advanced({}, {}, after)), shown(after));
    EXPECT_EQ(shown(advanced(before, before, {})), "");
}

TEST(Advanced, TakesMapsKeyByKey) {
    const Snapshot recorded{{t, object(R"({"privileges":{"ann":"select","bob":"select"}})")}};
    const Snapshot before{{t, object(R"({"privileges":{"ann":"all","bob":"select"}})")}};
    const Snapshot after{{t, object(R"({"privileges":{"ann":"all","eve":"select"}})")}};
    EXPECT_EQ(shown(advanced(recorded, before, after)),
              "public.t {\"privileges\":{\"ann\":\"select\",\"eve\":\"select\"}}\n");
    EXPECT_EQ(shown(advanced(before, before, {{t, object("{}")}})), "public.t {}\n");
}

TEST(Advanced, WorksOnEachPart) {
    const Snapshot recorded{
        {t, object("{}", 1,
                   {column("a", R"({"type":"int"})", 1), column("b", "{}", 2), column("gone", "{}", 3)})}};
    const Snapshot before{{t, object("{}", 1,
                                     {column("a", R"({"type":"text"})", 1), column("b", "{}", 2),
                                      column("strange", "{}", 4)})}};
    const Snapshot after{{t, object("{}", 1,
                                    {column("a", R"({"default":"1","type":"text"})", 1),
                                     column("strange", "{}", 4), column("made", "{}", 5)})}};
    EXPECT_EQ(shown(advanced(recorded, before, after)),
              "public.t {}\n  a {\"default\":\"1\",\"type\":\"int\"}\n  made {}\n  gone {}\n");
}

TEST(Advanced, FollowsWhatTheRunRenamed) {
    const Snapshot recorded{{t, object(R"({"owner":"ann"})", 7, {column("a", R"({"type":"int"})", 1)})}};
    const Snapshot before{{t, object(R"({"owner":"eve"})", 7, {column("a", R"({"type":"text"})", 1)})}};
    const Snapshot after{{u, object(R"({"owner":"eve"})", 7, {column("z", R"({"type":"text"})", 1)})}};
    EXPECT_EQ(shown(advanced(recorded, before, after)),
              "public.u {\"owner\":\"ann\"}\n  z {\"type\":\"int\"}\n");
}

TEST(Advanced, LeavesARenameThatWasDriftAsDrift) {
    const Snapshot recorded{{t, object(R"({"owner":"ann"})", 7, {column("a", "{}", 1)})}};
    const Snapshot before{{u, object(R"({"owner":"ann"})", 7, {column("z", "{}", 1)})}};
    const Snapshot after{
        {u, object(R"({"comment":"c","owner":"ann"})", 7, {column("z", R"({"type":"int"})", 1)})}};
    EXPECT_EQ(shown(advanced(recorded, before, after)),
              "public.t {\"comment\":\"c\",\"owner\":\"ann\"}\n  a {\"type\":\"int\"}\n");
    EXPECT_EQ(shown(advanced(recorded, before, {})), "");
}

} // namespace
} // namespace turnstone::core
