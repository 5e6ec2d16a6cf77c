#include <gtest/gtest.h>

#include "states.hpp"

namespace turnstone::core {
namespace {

TEST(Differences, NameEachChangedProperty) {
    EXPECT_EQ(drift({table("public.t", 1, {column("c", 1, R"({"not null":true,"type":"integer"})")})},
                    {table("public.t", 1, {column("c", 1, R"({"default":"1","type":"bigint"})")})}),
              "changed table column public.t.c: default [] [1]\n"
              "changed table column public.t.c: not null [true] []\n"
              "changed table column public.t.c: type [integer] [bigint]\n");
}

TEST(Differences, EqualStatesHaveNone) {
    const std::vector<Object> state{table("public.t", 1, {column("c", 1)}), {"role", "bob", 10}};
    EXPECT_EQ(drift(state, state), "");
    EXPECT_EQ(elsewhere(state, state), "");
    EXPECT_EQ(drift({}, {}), "");
}

TEST(Differences, WhatCameOrWentWithItsObjectIsNotListed) {
    const std::vector<Object> both{table("public.t", 1, {column("c", 1)})};
    EXPECT_EQ(drift({}, both), "added table public.t\n");
    EXPECT_EQ(drift(both, {}), "removed table public.t\n");
    EXPECT_EQ(drift({table("public.t", 1)}, both), "added table column public.t.c\n");
    EXPECT_EQ(drift(both, {table("public.t", 1)}), "removed table column public.t.c\n");
}

TEST(Differences, SayWhereToLookForWhoDidIt) {
    const auto rows =
        differences(state({table("public.t", 7, {column("c", 3, R"({"a":"1"})")})}),
                    state({table("public.u", 7, {column("c", 3, R"({"a":"2"})")})}), {true, {}});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].change, Change::renamed);
    EXPECT_EQ(rows[0].part, "");
    EXPECT_EQ(rows[1].root, (ObjectKey{"public.u", "table"}));
    EXPECT_EQ(rows[1].root_id, 7);
    EXPECT_EQ(rows[1].part, "c");
    EXPECT_EQ(rows[1].part_id, 3);
    EXPECT_EQ(rows[1].severity, Severity::major);
}

TEST(Differences, AreInTheOrderOfObjectsWithTheirPartsBehindThem) {
    EXPECT_EQ(drift({table("public.b", 1, {column("c", 1)}, R"({"x":"1"})"), table("public.c", 2)},
                    {table("public.b", 1, {}, R"({"x":"2"})"), table("public.a", 3)}),
              "added table public.a\n"
              "changed table public.b: x [1] [2]\n"
              "removed table column public.b.c\n"
              "removed table public.c\n");
}

TEST(Differences, BytesThatAreNoJsonAreStillCompared) {
    EXPECT_EQ(drift({table("public.t", 1, {}, "{\"comment\": \"\xff\"}")},
                    {table("public.t", 1, {}, "{\"comment\": \"\xfe\"}")}),
              "changed table public.t: properties [{\"comment\": \"\xff\"}] [{\"comment\": \"\xfe\"}]\n");
}

// What is there always has a fact only where something is set of it.
TEST(Differences, OfWhatIsThereByItselfAreItsSettings) {
    const std::vector<Object> set{
        {"system object", "language sql", 13, R"({"privileges":{"public":"none"}})"},
        {"view",
         "public.v",
         1,
         "{}",
         {},
         {part("view column", "c", 1, R"({"comment":"x"})"),
          part("rule", "\"_RETURN\"", 2, R"({"enabled":"disabled"})")}}};
    const std::vector<Object> unset{{"view", "public.v", 1}};
    EXPECT_EQ(drift(unset, set), "changed system object language sql: privileges of public [] [none]\n"
                                 "changed rule \"_RETURN\" on public.v: enabled [] [disabled]\n"
                                 "changed view column public.v.c: comment [] [x]\n");
    EXPECT_EQ(drift(set, unset), "changed system object language sql: privileges of public [none] []\n"
                                 "changed rule \"_RETURN\" on public.v: enabled [disabled] []\n"
                                 "changed view column public.v.c: comment [x] []\n");
}

TEST(Values, OfAMapAreNamedByOneOfIt) {
    EXPECT_EQ(
        drift(
            {table("public.t", 1)},
            {table(
                "public.t", 1, {},
                R"({"identity sequence privileges":{"bob":"usage"},"inherited indexes":{"i":"clustered"}})")}),
        "changed table public.t: identity sequence privileges of bob [] [usage]\n"
        "changed table public.t: inherited index i [] [clustered]\n");
}

// ------------------------------------------------------------------------------------------------- values

TEST(Values, OfEveryKindAreShownAsText) {
    EXPECT_EQ(drift({table("public.t", 1, {}, R"({"a":true,"b":1,"c":["x","y"],"d":"z"})")},
                    {table("public.t", 1, {}, R"({"a":false,"b":2.5,"c":"x","d":["z"]})")}),
              "changed table public.t: a [true] [false]\n"
              "changed table public.t: b [1] [2.5]\n"
              "changed table public.t: c [x, y] [x]\n"
              "changed table public.t: d [z] [z]\n");
}

TEST(Values, OfAMapAreComparedByKey) {
    EXPECT_EQ(drift({table("public.t", 1, {},
                           R"({"options":{"fillfactor":"70","a":"1"},"privileges":{"bob":"SELECT"}})")},
                    {table("public.t", 1, {},
                           R"({"options":{"fillfactor":"80","a":"1"},"privileges":{"ann":"UPDATE*"}})")}),
              "changed table public.t: option fillfactor [70] [80]\n"
              "changed table public.t: privileges of ann [] [UPDATE*]\n"
              "changed table public.t: privileges of bob [SELECT] []\n");
    EXPECT_EQ(drift({table("public.t", 1)}, {table("public.t", 1, {}, R"({"toast options":{"a":true}})")}),
              "changed table public.t: toast option a [] [true]\n");
}

TEST(Values, OfAnOrderAreComparedAmongThoseInBoth) {
    const auto ordered = [](const char *order, std::vector<Part> columns) {
        return std::vector<Object>{
            table("public.t", 1, std::move(columns), std::string(R"({"column order":)") + order + "}")};
    };
    EXPECT_EQ(drift(ordered(R"(["a","b","c"])", {column("a", 1), column("b", 2), column("c", 3)}),
                    ordered(R"(["a","c","d"])", {column("a", 1), column("c", 3), column("d", 4)})),
              "removed table column public.t.b\n"
              "added table column public.t.d\n");
    EXPECT_EQ(elsewhere(ordered(R"(["a","b","c"])", {column("a", 1), column("b", 2), column("c", 3)}),
                        ordered(R"(["b","a"])", {column("a", 2), column("b", 1)})),
              "reordered table public.t: column order [a, b] [b, a]\n"
              "removed table column public.t.c\n");
}

TEST(Values, OfAnOrderOfNoneAreToldByTheParts) {
    const std::vector<Object> none{{"type", "public.e", 1, R"({"kind":"enum"})"}};
    const std::vector<Object> one{
        {"type", "public.e", 1, R"({"kind":"enum","label order":["a"]})", {}, {part("enum label", "a", 5)}}};
    EXPECT_EQ(drift(none, one), "added enum label a of public.e\n");
    EXPECT_EQ(drift(one, none), "removed enum label a of public.e\n");
    EXPECT_EQ(drift({table("public.t", 1)}, {table("public.t", 1, {}, R"({"parents":["public.a"]})")}),
              "changed table public.t: parents [] [public.a]\n");
}

TEST(Values, OfAListWithoutPartsAreToldAsAWhole) {
    EXPECT_EQ(drift({table("public.t", 1, {}, R"({"parents":["public.a"]})")},
                    {table("public.t", 1, {}, R"({"parents":["public.a","public.b"]})")}),
              "changed table public.t: parents [public.a] [public.a, public.b]\n");
    EXPECT_EQ(drift({table("public.t", 1, {}, R"({"parents":["public.a","public.b"]})")},
                    {table("public.t", 1, {}, R"({"parents":["public.b","public.a"]})")}),
              "reordered table public.t: parents [public.a, public.b] [public.b, public.a]\n");
}

TEST(Values, RolesAreASet) {
    const auto policy = [](const char *roles) {
        return std::vector<Object>{
            table("public.t", 1, {part("policy", "p", 5, std::string(R"({"roles":)") + roles + "}")})};
    };
    EXPECT_EQ(drift(policy(R"(["ann","bob"])"), policy(R"(["bob","ann"])")), "");
    EXPECT_EQ(drift(policy(R"(["ann"])"), policy(R"(["bob"])")),
              "changed policy p on public.t: roles [ann] [bob]\n");
}

TEST(Values, WhoseMeaningIsTheSameAreEchoes) {
    const std::vector<Object> before{
        {"view", "public.v", 1, R"({"definition":"SELECT a"})", R"({"definition":"77"})", {}}};
    const std::vector<Object> after{
        {"view", "public.v", 1, R"({"definition":"SELECT b"})", R"({"definition":"77"})", {}}};
    const std::vector<Object> other{
        {"view", "public.v", 1, R"({"definition":"SELECT b"})", R"({"definition":"78"})", {}}};
    const std::vector<Object> unknown{{"view", "public.v", 1, R"({"definition":"SELECT b"})", "", {}}};
    EXPECT_EQ(drift(before, after), "");
    EXPECT_EQ(drift(before, other), "changed view public.v: definition [SELECT a] [SELECT b]\n");
    EXPECT_EQ(drift(before, unknown), "changed view public.v: definition [SELECT a] [SELECT b]\n");
    // In another database the same number means something else.
    EXPECT_EQ(elsewhere(before, after), "changed view public.v: definition [SELECT a] [SELECT b]\n");
}

TEST(Values, ThatReadOtherwiseAreAskedAbout) {
    const Snapshot before =
        state({table("public.t", 1, {part("table constraint", "k", 5, R"({"definition":"a"})")})});
    const Snapshot after = state({table(
        "public.u", 1, {part("table constraint", "k", 5, R"({"definition":"b"})")}, R"({"comment":"c"})")});
    int asked = 0;
    const auto rows = differences(before, after, {true, [&](const TextPair &pair) {
                                                      ++asked;
                                                      EXPECT_EQ(pair.root.identity, "public.u");
                                                      EXPECT_EQ(pair.root_id, 1);
                                                      EXPECT_EQ(pair.part_type, "table constraint");
                                                      EXPECT_EQ(pair.part, "k");
                                                      EXPECT_EQ(pair.part_id, 5);
                                                      EXPECT_EQ(pair.property, "definition");
                                                      EXPECT_EQ(pair.expected, "a");
                                                      EXPECT_EQ(pair.actual, "b");
                                                      return true;
                                                  }});
    EXPECT_EQ(asked, 1); // there is no comment to compare with
    EXPECT_EQ(shown(rows), "renamed table public.u: name [t] [u]\n"
                           "changed table public.u: comment [] [c]\n");
}

// ---------------------------------------------------------------------------------------- renamed, recreated

TEST(Renamed, ObjectIsFoundByItsNumber) {
    EXPECT_EQ(drift({table("public.t", 1, {column("c", 1)})}, {table("public.u", 1, {column("c", 1)})}),
              "renamed table public.u: name [t] [u]\n");
    EXPECT_EQ(drift({table("public.t", 1)}, {table("app.t", 1)}),
              "renamed table app.t: schema [public] [app]\n");
    EXPECT_EQ(drift({table("public.t", 1)}, {table("app.u", 1)}),
              "renamed table app.u: schema [public] [app]\n"
              "renamed table app.u: name [t] [u]\n");
    EXPECT_EQ(drift({{"function", "public.f(integer)", 1}}, {{"function", "public.g(integer)", 1}}),
              "renamed function public.g(integer): name [f] [g]\n");
    EXPECT_EQ(elsewhere({table("public.t", 1)}, {table("public.u", 1)}), "removed table public.t\n"
                                                                         "added table public.u\n");
}

TEST(Renamed, SwapIsTwoRenames) {
    EXPECT_EQ(
        drift({table("public.a", 1), table("public.b", 2)}, {table("public.a", 2), table("public.b", 1)}),
        "renamed table public.a: name [b] [a]\n"
        "renamed table public.b: name [a] [b]\n");
    const auto columns = [](int first, int second) {
        return std::vector<Object>{
            table("public.t", 1, {column("a", first), column("b", second)},
                  R"({"column order":)" + std::string(first < second ? R"(["a","b"]})" : R"(["b","a"]})"))};
    };
    EXPECT_EQ(drift(columns(1, 2), columns(2, 1)), "renamed table column public.t.a: name [b] [a]\n"
                                                   "renamed table column public.t.b: name [a] [b]\n");
}

TEST(Renamed, SchemaIsOneRow) {
    const std::vector<Object> before{{"schema", "old", 1},
                                     {"table", "old.t", 2, "{}", R"({"":"1.t"})", {column("c", 1)}},
                                     {"function", "old.f(old.t)", 3, "{}", R"({"":"1.f.2"})", {}}};
    const std::vector<Object> after{{"schema", "new", 1},
                                    {"table", "new.t", 2, "{}", R"({"":"1.t"})", {column("c", 1)}},
                                    {"function", "new.f(new.t)", 3, "{}", R"({"":"1.f.2"})", {}}};
    EXPECT_EQ(drift(before, after), "renamed schema new: name [old] [new]\n");
}

TEST(Renamed, WithinARenamedSchemaOnlyTheNameCounts) {
    EXPECT_EQ(drift({{"schema", "old", 1}, {"table", "old.t", 2, "{}", R"({"":"1.t"})", {}}},
                    {{"schema", "new", 1}, {"table", "new.u", 2, "{}", R"({"":"1.u"})", {}}}),
              "renamed schema new: name [old] [new]\n"
              "renamed table new.u: name [t] [u]\n");
    // Moved between two schemas that have swapped their names: it reads as before.
    EXPECT_EQ(drift({{"table", "a.t", 2, "{}", R"({"":"1.t"})", {}}},
                    {{"table", "b.t", 2, "{}", R"({"":"7.t"})", {}}}),
              "renamed table b.t: schema [a] [b]\n");
}

TEST(Renamed, TypeOfAnArgumentIsOneRow) {
    EXPECT_EQ(
        drift({{"type", "public.a", 1}, {"function", "public.f(public.a)", 2, "{}", R"({"":"9.f.1"})", {}}},
              {{"type", "public.b", 1}, {"function", "public.f(public.b)", 2, "{}", R"({"":"9.f.1"})", {}}}),
        "renamed type public.b: name [a] [b]\n");
}

TEST(Renamed, WhatHasNoNameOfItsOwnIsNot) {
    EXPECT_EQ(drift({{"role", "ann", 1}, {"user mapping", "ann on server s", 2}},
                    {{"role", "eve", 1}, {"user mapping", "eve on server s", 2}}),
              "renamed role eve: name [ann] [eve]\n");
    EXPECT_EQ(drift({{"publication", "p", 1, "{}", "", {part("publication relation", "public.t", 2)}}},
                    {{"publication", "p", 1, "{}", "", {part("publication relation", "public.u", 2)}}}),
              "");
}

TEST(Renamed, RoleIsOneRow) {
    const auto with = [](const std::string &role, const std::string &other) {
        return std::vector<Object>{{"role", role, 1},
                                   {"role", other, 2},
                                   table("public.t", 3,
                                         {part("policy", "p", 4, R"({"roles":[")" + role + R"(","public"]})"),
                                          column("c", 1, R"({"privileges":{")" + role + R"(":"SELECT"}})")},
                                         R"({"owner":")" + role + R"(","privileges":{")" + role +
                                             R"(":"ALL",")" + other + R"(":"SELECT"}})")};
    };
    EXPECT_EQ(drift(with("ann", "bob"), with("zoe", "bob")), "renamed role zoe: name [ann] [zoe]\n");
    EXPECT_EQ(drift(with("ann", "bob"), with("bob", "ann")), "renamed role ann: name [bob] [ann]\n"
                                                             "renamed role bob: name [ann] [bob]\n");
}

TEST(Roles, ComeAndGoUnseen) {
    EXPECT_EQ(drift({{"role", "ann", 1}}, {{"role", "bob", 2}}), "");
    EXPECT_EQ(elsewhere({{"role", "ann", 1}}, {{"role", "bob", 1}}), "");
}

TEST(Renamed, PartsOfEveryKindWithANameOfTheirOwn) {
    for (const char *type : {"table column", "table constraint", "domain constraint", "index", "trigger",
                             "rule", "policy", "enum label", "composite type column"}) {
        const auto rows = differences(state({table("public.t", 1, {part(type, "a", 5)})}),
                                      state({table("public.t", 1, {part(type, "b", 5)})}), {true, {}});
        ASSERT_EQ(rows.size(), 1U) << type;
        EXPECT_EQ(rows[0].change, Change::renamed);
        EXPECT_EQ(rows[0].property, "name");
        EXPECT_EQ(rows[0].expected, "a");
        EXPECT_EQ(rows[0].actual, "b");
    }
}

TEST(Renamed, ColumnIsNoOtherOrder) {
    const auto with = [](const std::string &name, const std::string &plain) {
        return std::vector<Object>{table("public.t", 1, {column("a", 1), column(name, 2)},
                                         R"({"column order":["a",")" + plain + R"("]})")};
    };
    EXPECT_EQ(drift(with("b", "b"), with(R"("The c")", "The c")),
              "renamed table column public.t.\"The c\": name [b] [\"The c\"]\n");
}

TEST(Recreated, IsWhatHoldsRowsUnderItsOldName) {
    for (const char *type : {"table", "materialized view", "sequence"})
        EXPECT_EQ(drift({{type, "public.x", 1}}, {{type, "public.x", 2}}),
                  std::string("recreated ") + type + " public.x\n");
    for (const char *type : {"view", "function", "type", "foreign table", "schema", "role", "publication"})
        EXPECT_EQ(drift({{type, "x", 1}}, {{type, "x", 2}}), "") << type;
    EXPECT_EQ(elsewhere({table("public.t", 1)}, {table("public.t", 2)}), "");
    EXPECT_EQ(drift({table("public.t", 0)}, {table("public.t", 2)}), ""); // it is not known what it was
}

TEST(Recreated, TableDoesNotListItsColumns) {
    EXPECT_EQ(drift({table("public.t", 1, {column("a", 1), column("b", 2), part("index", "i", 5)})},
                    {table("public.t", 2, {column("b", 1), column("a", 2), part("index", "i", 6)})}),
              "recreated table public.t\n");
    // but what is otherwise in it
    EXPECT_EQ(drift({table("public.t", 1, {column("a", 1), column("b", 3)})},
                    {table("public.t", 2, {column("a", 1, R"({"type":"text"})"), column("c", 3)})}),
              "recreated table public.t\n"
              "changed table column public.t.a: type [] [text]\n"
              "removed table column public.t.b\n"
              "added table column public.t.c\n");
}

TEST(Recreated, ColumnIsOneRowAndNoOtherOrder) {
    EXPECT_EQ(
        drift({table("public.t", 1, {column("a", 1), column("b", 2)}, R"({"column order":["a","b"]})")},
              {table("public.t", 1, {column("b", 2), column("a", 3)}, R"({"column order":["b","a"]})")}),
        "recreated table column public.t.a\n");
    EXPECT_EQ(drift({{"foreign table", "public.f", 1, "{}", "", {column("a", 1)}}},
                    {{"foreign table", "public.f", 1, "{}", "", {column("a", 2)}}}),
              "");
}

TEST(Recreated, MeansNothingForIndexesAndTheLike) {
    for (const char *type : {"index", "table constraint", "trigger", "rule", "policy", "enum label"})
        EXPECT_EQ(
            drift({table("public.t", 1, {part(type, "x", 5)})}, {table("public.t", 1, {part(type, "x", 6)})}),
            "")
            << type;
}

TEST(Numbers, ThatTwoObjectsHaveTellNothing) {
    EXPECT_EQ(drift({{"cast", "a", 1}, {"cast", "b", 1}}, {{"cast", "b", 1}, {"cast", "c", 1}}),
              "removed cast a\n"
              "added cast c\n");
}

TEST(Extension, OfAnotherVersionHasOtherMembers) {
    const auto of = [](const char *version, std::vector<Part> members) {
        return std::vector<Object>{{"extension", "e", 1, std::string(R"({"version":")") + version + R"("})",
                                    "", std::move(members)}};
    };
    const Part old_member = part("extension member", "function public.f()", 5, R"({"definition":"1"})");
    const Part new_member = part("extension member", "function public.f()", 5, R"({"definition":"2"})");
    EXPECT_EQ(drift(of("1.0", {old_member}),
                    of("1.1", {new_member, part("extension member", "function public.g()", 6)})),
              "changed extension e: version [1.0] [1.1]\n");
    EXPECT_EQ(drift(of("1.0", {old_member}), of("1.0", {new_member})),
              "changed extension member function public.f() of e: definition [1] [2]\n");
}

// ------------------------------------------------------------------------------------------------ schemas

TEST(KeepSchemas, WhatIsInThemOrWas) {
    auto rows = differences(state({table("a.t", 1),
                                   table("b.t", 2),
                                   table("a.gone", 3),
                                   {"schema", "old", 9},
                                   {"publication", "p", 5}}),
                            state({table("b.u", 1), table("b.v", 2), {"schema", "a", 9}}), {true, {}});
    auto all = rows;
    keep_schemas(all, {});
    EXPECT_EQ(shown(all), shown(rows));
    keep_schemas(rows, {"a"});
    EXPECT_EQ(shown(rows), "renamed schema a: name [old] [a]\n"
                           "removed table a.gone\n"
                           "renamed table b.u: schema [a] [b]\n");
}

} // namespace
} // namespace turnstone::core
