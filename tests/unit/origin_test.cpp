#include "turnstone/core/origin.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

using How = Touched::How;

const ObjectKey t{"public.t", "table"};

Part column(const std::string &name, std::int64_t number, const std::string &properties = "{}",
            const std::string &meanings = {}) {
    return {"table column", name, properties, {0, number, meanings}};
}

Part index(const std::string &name, std::int64_t id, const std::string &definition) {
    return {"index", name, R"({"definition":")" + definition + R"("})", {0, id, {}}};
}

Snapshot::value_type table(std::vector<Part> parts, const std::string &properties = "{}",
                           std::int64_t id = 100, const ObjectKey &key = t,
                           const std::string &meanings = {}) {
    return {key, {properties, {1259, id, meanings}, std::move(parts)}};
}

// What a run did, by the name of the part; "" for the object itself. All in the journal's row 9.
struct TouchesOfRun {
    std::map<std::string, std::vector<Touched>> touches{};
    Origin otherwise{9, 0};
    bool roles_renamed = false;

    [[nodiscard]] Evidence evidence() const {
        return {[this](const Part *part) {
                    const auto found = touches.find(part == nullptr ? std::string() : part->name);
                    return found == touches.end() ? std::vector<Touched>{} : found->second;
                },
                otherwise, roles_renamed};
    }
};

Touched touched(How how, int statement, const std::string &property = {}) {
    return {how, {9, statement}, property};
}

std::string behind(const Snapshot::value_type *before, const Origins &known,
                   const Snapshot::value_type &after, const TouchesOfRun &run) {
    return origins_text(origins_behind(before, known, after, run.evidence()));
}

TEST(OriginsText, IsReadAsItIsWritten) {
    const Origins origins{{"", {}}, {"comment", {12, 3}}, {"table column/\"a/b\"", {14, 0}}};
    EXPECT_EQ(origins_text(origins), R"({"":null,"comment":[12,3],"table column/\"a/b\"":[14,null]})");
    EXPECT_EQ(origins_of(origins_text(origins)), origins);
    EXPECT_TRUE(origins_of("").empty());
    EXPECT_THROW((void)origins_of("[]"), Error);
    EXPECT_THROW((void)origins_of("{"), Error);
    EXPECT_THROW((void)origins_of(R"({"":["12",1]})"), Error);
    EXPECT_THROW((void)origins_of(R"({"":[12]})"), Error);
    EXPECT_THROW((void)origins_of(R"({"":[0,2]})"), Error); // of no row, and so of no statement
    EXPECT_THROW((void)origins_of(R"({"":[12,0]})"), Error);
    EXPECT_THROW((void)origins_of(R"({"":[12,4294967297]})"), Error);
}

TEST(OriginsOfNew, PartsThatCameWithTheObjectHaveNoEntry) {
    const auto made = table({column("a", 1), column("b", 2), index("i", 7, "i on a")});
    TouchesOfRun run{{{"", {touched(How::created, 2)}}, {"i", {touched(How::created, 2)}}}};
    EXPECT_EQ(behind(nullptr, {}, made, run), R"({"":[9,2]})");
    run.touches["b"] = {touched(How::created, 4)};
    run.touches["i"] = {touched(How::created, 5)};
    EXPECT_EQ(behind(nullptr, {}, made, run), R"({"":[9,2],"index/i":[9,5],"table column/b":[9,4]})");
}

TEST(OriginsOfNew, WhatTheSameRunChangedLater) {
    const auto made = table({column("a", 1, R"({"default":"2"})")}, R"({"comment":"c"})");
    const TouchesOfRun run{{{"", {touched(How::created, 1), touched(How::altered, 4, "comment")}},
                            {"a",
                             {touched(How::altered, 1, "default"), touched(How::altered, 2, "default"),
                              touched(How::altered, 3, "default")}}}};
    EXPECT_EQ(behind(nullptr, {}, made, run), R"({"":[9,1],"comment":[9,4],"table column/a/default":[9,3]})");
}

TEST(OriginsOfNew, MadeAgainInOneRunIsOfTheSecondTime) {
    const auto made = table({column("a", 1)});
    const TouchesOfRun run{
        {{"", {touched(How::created, 1), touched(How::altered, 2, "comment"), touched(How::created, 3)}}}};
    EXPECT_EQ(behind(nullptr, {}, made, run), R"({"":[9,3]})");
}

TEST(OriginsOfNew, LabelsAreNamedByStatementsOnTheirType) {
    Snapshot::value_type mood{{"public.mood", "type"}, {"{}", {1247, 5, {}}, {}}};
    mood.second.parts = {{"enum label", "sad", "{}", {0, 6, {}}}, {"enum label", "ok", "{}", {0, 7, {}}}};
    const TouchesOfRun run{{{"", {touched(How::created, 1), touched(How::altered, 2, "enum label/ok")}}}};
    EXPECT_EQ(behind(nullptr, {}, mood, run), R"({"":[9,1],"enum label/ok":[9,2]})");
}

TEST(OriginsOfNew, WhatWasThereBeforeTheFirstRunHasNone) {
    const auto found = table({column("a", 1, R"({"default":"2"})"), column("b", 2)});
    const TouchesOfRun run{{{"a", {touched(How::altered, 3, "default")}}, {"b", {touched(How::created, 4)}}},
                           {}};
    EXPECT_EQ(behind(nullptr, {}, found, run),
              R"({"":null,"table column/a/default":[9,3],"table column/b":[9,4]})");
}

TEST(OriginsOfKnown, WhatChangedGetsOneAndTheRestKeepsIts) {
    const auto before = table({column("a", 1), column("b", 2, R"({"default":"1"})"), column("gone", 3)},
                              R"({"comment":"old","owner":"ann"})");
    const auto after = table({column("a", 1), column("b", 2, R"({"not null":true})"), column("new", 4)},
                             R"({"comment":"new","owner":"ann"})");
    const Origins known{{"", {1, 1}},
                        {"owner", {2, 1}},
                        {"comment", {3, 1}},
                        {"table column/b/default", {4, 1}},
                        {"table column/gone", {5, 1}},
                        {"table column/gone/default", {5, 2}}};
    const TouchesOfRun run{
        {{"", {touched(How::altered, 1, "comment"), touched(How::altered, 9)}},
         {"b", {touched(How::altered, 2, "not null"), touched(How::altered, 3, "default")}},
         {"new", {touched(How::created, 4)}}}};
    EXPECT_EQ(behind(&before, known, after, run),
              R"({"":[1,1],"comment":[9,1],"owner":[2,1],"table column/b/default":[9,3],)"
              R"("table column/b/not null":[9,2],"table column/new":[9,4]})");
}

TEST(OriginsOfKnown, MapsGoKeyByKey) {
    const auto before = table({}, R"({"options":{"fillfactor":"70"},"privileges":{"ann":"select"}})");
    const auto after = table({}, R"({"privileges":{"ann":"select","bob":"select","eve":"none"}})");
    const TouchesOfRun run{
        {{"",
          {touched(How::altered, 1, "privileges/bob"), touched(How::altered, 2, "privileges/ann"),
           touched(How::altered, 3, "options/autovacuum_enabled")}}}};
    EXPECT_EQ(behind(&before, {{"", {1, 1}}}, after, run),
              R"({"":[1,1],"options/fillfactor":[9,3],"privileges/bob":[9,1],"privileges/eve":[9,2]})");
}

TEST(OriginsOfKnown, WhoseStatementSaysNothingOfProperties) {
    const auto before = table({}, R"({"body":"a"})");
    const auto after = table({}, R"({"body":"b"})");
    const Origins known{{"", {1, 1}}};
    EXPECT_EQ(behind(&before, known, after,
                     {{{"", {touched(How::created, 4), touched(How::altered, 5, "owner")}}}}),
              R"({"":[1,1],"body":[9,4]})");
    EXPECT_EQ(behind(&before, known, after, {{{"", {touched(How::altered, 5, "owner")}}}}),
              R"({"":[1,1],"body":[9,5]})");
    EXPECT_EQ(behind(&before, known, after, {}), R"({"":[1,1],"body":[9,null]})");
}

TEST(OriginsOfKnown, APartWithoutTouchesIsOfItsObject) {
    const auto before = table({column("a", 1)});
    const auto after = table({column("a", 1, R"({"storage":"plain"})"), column("b", 2)});
    const TouchesOfRun run{{{"", {touched(How::altered, 6), touched(How::altered, 7)}}}};
    EXPECT_EQ(behind(&before, {{"", {1, 1}}}, after, run),
              R"({"":[1,1],"table column/a/storage":[9,7],"table column/b":[9,7]})");
}

TEST(OriginsOfKnown, RenamedPartsKeepTheirs) {
    const auto before = table({column("mail", 1, R"({"default":"1"})"), column("x", 2)});
    const auto after = table({column("email", 1, R"({"default":"1"})"), column("mail", 2)});
    const Origins known{{"", {1, 1}},
                        {"table column/mail", {2, 1}},
                        {"table column/mail/default", {2, 2}},
                        {"table column/x", {3, 1}}};
    const TouchesOfRun run{
        {{"email", {touched(How::altered, 1, "name")}}, {"mail", {touched(How::altered, 2, "name")}}}};
    EXPECT_EQ(behind(&before, known, after, run),
              R"({"":[1,1],"table column/email":[2,1],"table column/email/default":[2,2],)"
              R"("table column/email/name":[9,1],"table column/mail":[3,1],"table column/mail/name":[9,2]})");
}

TEST(OriginsOfKnown, ARenamedObjectIsTheSame) {
    const auto before = table({column("a", 1)}, "{}", 100, t, R"({"":"2200.t"})");
    const auto renamed = table({column("a", 1)}, "{}", 100, {"public.u", "table"}, R"({"":"2200.u"})");
    const auto in_renamed_schema =
        table({column("a", 1)}, "{}", 100, {"other.t", "table"}, R"({"":"2200.t"})");
    const Origins known{{"", {1, 1}}, {"table column/a", {2, 1}}};
    const TouchesOfRun run{{{"", {touched(How::altered, 3, "name")}}}};
    EXPECT_EQ(behind(&before, known, renamed, run), R"({"":[1,1],"name":[9,3],"table column/a":[2,1]})");
    EXPECT_EQ(behind(&before, known, in_renamed_schema, {}), R"({"":[1,1],"table column/a":[2,1]})");
}

TEST(OriginsOfKnown, EchoesOfRenamesAreNoChange) {
    const auto before = table({column("a", 1, R"-({"default":"f(mail)"})-", R"({"default":"x"})")});
    const auto after = table({column("a", 1, R"-({"default":"f(email)"})-", R"({"default":"x"})")});
    EXPECT_EQ(behind(&before, {{"", {1, 1}}}, after, {}), R"({"":[1,1]})");
}

TEST(OriginsOfKnown, AnOrderIsChangedWhereWhatStaysMoved) {
    const auto before = table({}, R"({"column order":["a","b"]})");
    const auto added = table({}, R"({"column order":["a","b","c"]})");
    const auto moved = table({}, R"({"column order":["b","a"]})");
    const TouchesOfRun run{{{"", {touched(How::altered, 1)}}}};
    EXPECT_EQ(behind(&before, {{"", {1, 1}}}, added, run), R"({"":[1,1]})");
    EXPECT_EQ(behind(&before, {{"", {1, 1}}}, moved, run), R"({"":[1,1],"column order":[9,1]})");
}

TEST(OriginsOfKnown, WhatWasDroppedAndMadeAnewIsNew) {
    const auto before = table({column("a", 1), index("i", 7, "i on a"), index("j", 8, "j on a")}, "{}", 100);
    const Origins known{{"", {1, 1}}, {"comment", {1, 2}}, {"index/i", {2, 1}}, {"index/j", {2, 2}}};
    const auto other = table({column("a", 1)}, "{}", 200);
    EXPECT_EQ(behind(&before, known, other, {{{"", {touched(How::created, 5)}}}}), R"({"":[9,5]})");
    // As it is called, it is what it was: the server makes indexes anew behind a change of a column's type.
    const auto parts = table({column("a", 2), index("i", 17, "i on a"), index("j", 18, "j on b")}, "{}", 100);
    const TouchesOfRun run{{{"a", {touched(How::created, 1)}},
                            {"i", {touched(How::created, 2)}},
                            {"j", {touched(How::created, 3)}}}};
    EXPECT_EQ(behind(&before, known, parts, run),
              R"({"":[1,1],"comment":[1,2],"index/i":[2,1],"index/j":[9,3],"table column/a":[9,1]})");
    // Other numbers alone are those of another place: nobody made anything.
    EXPECT_EQ(behind(&before, known, other, {}), R"({"":[1,1],"comment":[1,2]})");
}

TEST(OriginsOfKnown, ARoleThatIsCalledOtherwiseChangesNothing) {
    const auto before = table({}, R"({"owner":"ann","privileges":{"bob":"select"}})");
    const auto after = table({}, R"({"owner":"anna","privileges":{"rob":"select"}})");
    const Origins known{{"", {1, 1}}, {"owner", {2, 1}}, {"privileges/bob", {3, 1}}};
    TouchesOfRun run{{{"", {touched(How::altered, 1, "comment")}}}};
    run.roles_renamed = true;
    const Origins origins = origins_behind(&before, known, after, run.evidence());
    EXPECT_EQ(origins.at("owner"), (Origin{2, 1}));
    EXPECT_EQ(origins.at("privileges/rob"), (Origin{3, 1}));
    EXPECT_FALSE(origins.contains("privileges/bob"));
}

TEST(Removals, SayWhatDroppedIt) {
    const auto before = table({column("a", 1), column("b", 2)});
    const auto without_b = table({column("a", 1)});
    const auto renamed_b = table({column("a", 1), column("c", 2)});
    const TouchesOfRun run{
        {{"", {touched(How::altered, 1), touched(How::dropped, 4)}}, {"b", {touched(How::dropped, 3)}}}};
    EXPECT_EQ(origins_text(removals(before, nullptr, run.evidence())), R"({"removed":[9,4]})");
    EXPECT_EQ(origins_text(removals(before, &without_b, run.evidence())),
              R"({"table column/b/removed":[9,3]})");
    EXPECT_TRUE(removals(before, &renamed_b, run.evidence()).empty());
    EXPECT_EQ(origins_text(removals(before, nullptr, TouchesOfRun{}.evidence())), R"({"removed":[9,null]})");
    const auto another = table({column("a", 1)}, "{}", 200);
    EXPECT_EQ(origins_text(removals(before, &another, run.evidence())), R"({"removed":[9,4]})");
}

} // namespace
} // namespace turnstone::core
