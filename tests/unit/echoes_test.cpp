// One cause, one row: what follows by itself from something that is listed is not. Each rule also where it
// does not hold.
#include <gtest/gtest.h>

#include "states.hpp"

namespace turnstone::core {
namespace {

Part index(std::string name, const std::string &what, std::int64_t id = 50) {
    const std::string text = "CREATE INDEX " + name + " ON public.t USING btree (" + what + ")";
    return part("index", std::move(name), id, definition(text));
}

Part constraint(std::string name, const std::string &text, std::int64_t id = 60) {
    return part("table constraint", std::move(name), id, definition(text));
}

Object sequence(std::string identity, std::int64_t id, const std::string &owned_by,
                const std::string &more = {}) {
    return {"sequence", std::move(identity), id, R"({"owned by":")" + owned_by + '"' + more + '}',
            R"({"owned by":"1.1"})"};
}

TEST(Echo, RemovedSchemaTakesWhatIsInIt) {
    EXPECT_EQ(
        drift({{"schema", "app", 1}, table("app.t", 2), {"function", "app.f()", 3}, table("apple.t", 4)}, {}),
        "removed schema app\n"
        "removed table apple.t\n");
    EXPECT_EQ(drift({{"schema", "app", 1}, table("app.t", 2)}, {table("public.t", 2)}),
              "removed schema app\n"
              "renamed table public.t: schema [app] [public]\n");
    EXPECT_EQ(drift({}, {{"schema", "app", 1}, table("app.t", 2)}), "added schema app\n"
                                                                    "added table app.t\n");
}

TEST(Echo, RemovedPartitionedTableTakesItsPartitions) {
    const Object partition{"table", "public.p1", 2,
                           R"({"parents":["public.p"],"partition bound":"DEFAULT"})"};
    const Object child{"table", "public.c", 3, R"({"parents":["public.p"]})"};
    EXPECT_EQ(drift({table("public.p", 1), partition, child}, {}), "removed table public.c\n"
                                                                   "removed table public.p\n");
    EXPECT_EQ(drift({table("public.p", 1), partition}, {table("public.p", 1)}), "removed table public.p1\n");
}

TEST(Echo, RemovedColumnTakesItsIndexesAndConstraints) {
    const std::vector<Part> all{column("a", 1),
                                column("\"B c\"", 2),
                                index("i_a", "lower(a)", 50),
                                index("i_b", R"(\"B c\")", 51),
                                index("i_n", "n", 52),
                                constraint("k_a", "CHECK ((a > 0))", 60),
                                constraint("k_s", "CHECK ((n <> 'a'::text))", 61),
                                constraint("k_f", "FOREIGN KEY (n) REFERENCES public.o(a)", 62)};
    std::vector<Part> columns{column("\"B c\"", 2)};
    EXPECT_EQ(drift({table("public.t", 1, all)}, {table("public.t", 1, columns)}),
              "removed index public.i_b\n"
              "removed index public.i_n\n"
              "removed table column public.t.a\n"
              "removed table constraint k_f on public.t\n"
              "removed table constraint k_s on public.t\n");
    EXPECT_EQ(drift({table("public.t", 1, all)}, {table("public.t", 1, {})}),
              "removed index public.i_n\n"
              "removed table column public.t.\"B c\"\n"
              "removed table column public.t.a\n"
              "removed table constraint k_f on public.t\n"
              "removed table constraint k_s on public.t\n");
    // A column that is there again hides nothing.
    EXPECT_EQ(drift({table("public.t", 1, {column("a", 1), index("i", "a")})},
                    {table("public.t", 1, {column("a", 2)})}),
              "removed index public.i\n"
              "recreated table column public.t.a\n");
}

TEST(Echo, RemovedColumnOrTableTakesItsStatistics) {
    const Object statistics{"statistics object", "public.s", 9,
                            R"({"definition":"CREATE STATISTICS public.s ON a, b FROM public.t"})"};
    const Object with_columns = table("public.t", 1, {column("a", 1), column("b", 2)});
    EXPECT_EQ(drift({with_columns, statistics}, {table("public.t", 1, {column("a", 1)})}),
              "removed table column public.t.b\n");
    EXPECT_EQ(drift({with_columns, statistics}, {}), "removed table public.t\n");
    EXPECT_EQ(drift({with_columns, statistics}, {with_columns}), "removed statistics object public.s\n");
}

TEST(Echo, RemovedTableLeavesItsPublication) {
    const auto publication = [](std::vector<Part> members) {
        return Object{"publication", "p", 8, "{}", "", std::move(members)};
    };
    const Part member = part("publication relation", "public.t", 5);
    EXPECT_EQ(drift({table("public.t", 1), publication({member})}, {publication({})}),
              "removed table public.t\n");
    EXPECT_EQ(drift({table("public.t", 1), publication({member})}, {table("public.t", 1), publication({})}),
              "removed publication relation public.t of p\n");
}

TEST(Echo, SequenceFollowsItsColumn) {
    const Object serial = sequence("public.s", 5, "public.t.id");
    const Object with = table("public.t", 1, {column("id", 1)});
    const Object without = table("public.t", 1, {});
    EXPECT_EQ(drift({}, {with, serial}), "added table public.t\n");
    EXPECT_EQ(drift({with, serial}, {}), "removed table public.t\n");
    EXPECT_EQ(drift({without}, {with, serial}), "added table column public.t.id\n");
    EXPECT_EQ(drift({with, serial}, {without}), "removed table column public.t.id\n");
    EXPECT_EQ(drift({with}, {with, serial}), "added sequence public.s\n");
    EXPECT_EQ(drift({with, serial},
                    {table("public.t", 2, {column("id", 1)}), sequence("public.s", 6, "public.t.id")}),
              "recreated table public.t\n");
    EXPECT_EQ(drift({with, serial},
                    {table("public.t", 1, {column("id", 2)}), sequence("public.s", 6, "public.t.id")}),
              "recreated table column public.t.id\n");
    EXPECT_EQ(drift({with, serial}, {with, sequence("public.s", 6, "public.t.id")}),
              "recreated sequence public.s\n");
}

TEST(Echo, SequenceFollowsItsTable) {
    const auto owned = [](const char *owner, const char *more, const char *schema = "public") {
        const std::string name = std::string(schema) + ".t";
        const std::string properties = std::string(R"({"owner":")") + owner + "\"" + more + "}";
        return std::vector<Object>{{"table", name, 1, properties},
                                   sequence(std::string(schema) + ".s", 5, name + ".id",
                                            std::string(R"(,"owner":")") + owner + "\"" + more)};
    };
    EXPECT_EQ(drift(owned("ann", ""), owned("bob", "")), "changed table public.t: owner [ann] [bob]\n");
    EXPECT_EQ(drift(owned("ann", ""), owned("ann", R"(,"persistence":"unlogged")")),
              "changed table public.t: persistence [] [unlogged]\n");
    EXPECT_EQ(drift(owned("ann", ""), owned("ann", "", "app")),
              "renamed table app.t: schema [public] [app]\n");
    EXPECT_EQ(drift(owned("ann", ""), {owned("ann", "")[0], owned("ann", R"(,"comment":"c")")[1]}),
              "changed sequence public.s: comment [] [c]\n");
}

TEST(Echo, ChildrenFollowTheirParent) {
    const std::string child = R"({"parents":["public.p"]})";
    const auto all = [&](std::vector<Part> parts, std::vector<Part> of_child) {
        return std::vector<Object>{table("public.p", 1, std::move(parts)),
                                   table("public.c", 2, std::move(of_child), child)};
    };
    const auto both = [&](const std::vector<Part> &parts) { return all(parts, parts); };
    const std::vector<Part> before{column("a", 1, R"({"type":"integer"})"),
                                   constraint("k", "CHECK ((a > 0))")};
    EXPECT_EQ(drift(both(before),
                    both({column("b", 1, R"({"type":"integer"})"), constraint("k", "CHECK ((b > 0))")})),
              // (the texts of the checks would have the same meaning)
              "renamed table column public.p.b: name [a] [b]\n"
              "changed table constraint k on public.p: definition [CHECK ((a > 0))] [CHECK ((b > 0))]\n");
    EXPECT_EQ(drift(both(before), both({})), "removed table column public.p.a\n");
    EXPECT_EQ(drift(both({}), both(before)), "added table column public.p.a\n"
                                             "added table constraint k on public.p\n");
    EXPECT_EQ(drift(both(before),
                    both({column("a", 2, R"({"type":"integer"})"), constraint("k", "CHECK ((a > 0))")})),
              "recreated table column public.p.a\n");
    EXPECT_EQ(drift(both(before),
                    both({column("a", 1, R"({"type":"bigint"})"), constraint("k", "CHECK ((a > 0))")})),
              "changed table column public.p.a: type [integer] [bigint]\n");
    // its own doings are its own
    EXPECT_EQ(drift(both(before), all(before, {})), "removed table column public.c.a\n");
    EXPECT_EQ(drift(all({column("a", 1)}, {column("a", 1)}),
                    all({column("a", 1, R"({"default":"1"})")}, {column("a", 1, R"({"default":"2"})")})),
              "changed table column public.c.a: default [] [2]\n"
              "changed table column public.p.a: default [] [1]\n");
    EXPECT_EQ(drift(both({column("a", 1)}),
                    both({column("a", 1, R"({"comment":"c","privileges":{"bob":"SELECT"}})")})),
              "changed table column public.c.a: comment [] [c]\n"
              "changed table column public.c.a: privileges of bob [] [SELECT]\n"
              "changed table column public.p.a: comment [] [c]\n"
              "changed table column public.p.a: privileges of bob [] [SELECT]\n");
}

TEST(Echo, GrandchildrenToo) {
    const auto all = [](std::vector<Part> parts) {
        return std::vector<Object>{table("public.a", 1, parts),
                                   table("public.b", 2, parts, R"({"parents":["public.a"]})"),
                                   table("public.c", 3, parts, R"({"parents":["public.b"]})")};
    };
    EXPECT_EQ(drift(all({column("x", 1)}), all({column("x", 1), column("y", 2)})),
              "added table column public.a.y\n");
}

TEST(Echo, TablesOfATypeFollowIt) {
    const auto all = [](const char *name) {
        return std::vector<Object>{
            {"type", "public.y", 1, "{}", "", {part("composite type column", name, 1)}},
            table("public.t", 2, {column(name, 1)}, R"({"of type":"public.y"})")};
    };
    EXPECT_EQ(drift(all("a"), all("b")), "renamed composite type column public.y.b: name [a] [b]\n");
}

TEST(Echo, ParentThatWasRenamedIsStillTheParent) {
    EXPECT_EQ(drift({table("public.p", 1), table("public.c", 2, {}, R"({"parents":["public.p"]})")},
                    {table("public.q", 1, {column("x", 1)}),
                     table("public.c", 2, {column("x", 1)}, R"({"parents":["public.q"]})")}),
              "renamed table public.q: name [p] [q]\n"
              "added table column public.q.x\n");
}

TEST(Echo, PrimaryKeyMakesNotNull) {
    const auto with = [](const char *not_null, std::vector<Part> more = {}) {
        more.push_back(column("a", 1, not_null));
        return std::vector<Object>{table("public.t", 1, std::move(more))};
    };
    EXPECT_EQ(drift(with("{}"), with(R"({"not null":true})", {constraint("k", "PRIMARY KEY (a)")})),
              "added table constraint k on public.t\n");
    EXPECT_EQ(drift(with("{}"), with(R"({"not null":true})", {constraint("k", "PRIMARY KEY (b)")})),
              "changed table column public.t.a: not null [] [true]\n"
              "added table constraint k on public.t\n");
    EXPECT_EQ(drift(with("{}"), with(R"({"not null":true})", {constraint("k", "UNIQUE (a)")})),
              "changed table column public.t.a: not null [] [true]\n"
              "added table constraint k on public.t\n");
}

TEST(Echo, IndexBecameAConstraint) {
    EXPECT_EQ(drift({table("public.t", 1, {index("k", "a")})},
                    {table("public.t", 1, {constraint("k", "UNIQUE (a)")})}),
              "added table constraint k on public.t\n");
    EXPECT_EQ(drift({table("public.t", 1, {index("k", "a")})},
                    {table("public.t", 1, {constraint("k", "CHECK (a)")})}),
              "removed index public.k\n"
              "added table constraint k on public.t\n");
}

TEST(Echo, FamilyOfAnOperatorClass) {
    const Object op_class{"operator class", "public.c USING btree", 1};
    const Object family{"operator family", "public.c USING btree", 2};
    EXPECT_EQ(drift({}, {op_class, family}), "added operator class public.c USING btree\n");
    EXPECT_EQ(drift({}, {family}), "added operator family public.c USING btree\n");
}

TEST(Echo, AttachedPartitionGivesItsIndexesAway) {
    const Part of_parent =
        part("index", "i", 40, definition("CREATE INDEX i ON ONLY public.p USING btree (a)"));
    const Part own = part("index", "i1", 50,
                          definition("CREATE INDEX i1 ON public.t USING btree (a)", R"(,"comment":"c")"));
    const Part key = constraint("k", "PRIMARY KEY (a)", 41);
    const Part own_key = constraint("k1", "PRIMARY KEY (a)", 51);
    const Part other =
        part("index", "i2", 52, definition("CREATE UNIQUE INDEX i2 ON public.t USING btree (a)"));
    const Object parent = table("public.p", 1, {of_parent, key, column("a", 1)});
    const Object alone = table("public.t", 2, {own, own_key, other, column("a", 1)});
    const Object partition = table("public.t", 2, {column("a", 1, R"({"inherited":true})")},
                                   R"({"parents":["public.p"],"partition bound":"DEFAULT"})");
    EXPECT_EQ(drift({parent, alone}, {parent, partition}),
              "changed table public.t: partition of [] [public.p DEFAULT]\n"
              "removed index public.i2\n");
    EXPECT_EQ(drift({parent, partition}, {parent, alone}),
              "changed table public.t: partition of [public.p DEFAULT] []\n"
              "added index public.i2\n");
    // without that, they are gone
    EXPECT_EQ(drift({parent, alone}, {parent, table("public.t", 2, {column("a", 1)})}),
              "removed index public.i1\n"
              "removed index public.i2\n"
              "removed table constraint k1 on public.t\n");
}

// By inheritance an ancestor may be one in very many ways: each is looked at once.
TEST(Echo, AncestorsOfManyLines) {
    const Part index_of_root =
        part("index", "i", 40, definition("CREATE INDEX i ON public.t0l USING btree (a)"));
    const Part own = index("i1", "a", 50);
    for (const bool closed : {false, true}) { // in a circle: of a text that somebody wrote
        std::vector<Object> above{
            table("public.t0l", 100, {index_of_root}, closed ? R"({"parents":["public.t40l"]})" : "{}"),
            table("public.t0r", 101)};
        for (int i = 1; i <= 40; ++i) {
            const std::string both = R"({"parents":["public.t)" + std::to_string(i - 1) + R"(l","public.t)" +
                                     std::to_string(i - 1) + R"(r"]})";
            for (const char *side : {"l", "r"})
                above.push_back(table("public.t" + std::to_string(i) + side,
                                      100 + 2 * i + (*side == 'r' ? 1 : 0), {}, both));
        }
        std::vector<Object> before = above;
        std::vector<Object> after = above;
        const Part unique =
            part("index", "i2", 51, definition("CREATE UNIQUE INDEX i2 ON public.t USING btree (a)"));
        before.push_back(table("public.t", 2, {own, unique}));
        after.push_back(table("public.t", 2, {}, R"({"parents":["public.t40l","public.t40r"]})"));
        EXPECT_EQ(drift(before, after), "changed table public.t: parents [] [public.t40l, public.t40r]\n"
                                        "removed index public.i2\n");
    }
}

TEST(Echo, OnlyTheBoundOrOnlyTheParent) {
    const auto of = [](const char *parent, const char *bound) {
        return std::vector<Object>{
            table("public.t", 2, {},
                  std::string(R"({"parents":[")") + parent + R"("],"partition bound":")" + bound + R"("})")};
    };
    EXPECT_EQ(drift(of("p", "IN (1)"), of("p", "IN (2)")),
              "changed table public.t: partition bound [IN (1)] [IN (2)]\n");
    EXPECT_EQ(drift(of("p", "IN (1)"), of("q", "IN (1)")),
              "changed table public.t: partition of [p IN (1)] [q IN (1)]\n");
    EXPECT_EQ(drift(of("p", "IN (1)"), of("q", "IN (2)")),
              "changed table public.t: partition of [p IN (1)] [q IN (2)]\n");
}

TEST(Echo, ColumnThatTheParentLostIsTheChildsOwn) {
    const std::string child = R"({"parents":["public.p"]})";
    EXPECT_EQ(drift({table("public.p", 1, {column("a", 1)}),
                     table("public.c", 2, {column("a", 1, R"({"inherited":true})")}, child)},
                    {table("public.p", 1), table("public.c", 2, {column("a", 1)}, child)}),
              "removed table column public.p.a\n");
}

TEST(Echo, LimitsOfASequenceFollowItsType) {
    EXPECT_EQ(drift({{"sequence", "public.s", 1, R"({"maximum":5,"type":"integer"})"}},
                    {{"sequence", "public.s", 1, R"({"maximum":9,"type":"bigint"})"}}),
              "changed sequence public.s: type [integer] [bigint]\n");
    EXPECT_EQ(drift({{"sequence", "public.s", 1, R"({"maximum":5})"}},
                    {{"sequence", "public.s", 1, R"({"maximum":9})"}}),
              "changed sequence public.s: maximum [5] [9]\n");
}

TEST(Echo, PrivilegesFollowTheOwner) {
    const auto of = [](const char *properties, const char *of_column = "{}") {
        return std::vector<Object>{table("public.t", 1, {column("a", 1, of_column)}, properties)};
    };
    EXPECT_EQ(drift(of(R"({"owner":"ann","privileges":{"ann":"SELECT, UPDATE*","bob":"SELECT"}})",
                       R"({"privileges":{"ann":"UPDATE"}})"),
                    of(R"({"owner":"eve","privileges":{"eve":"SELECT, UPDATE*","bob":"SELECT"}})",
                       R"({"privileges":{"eve":"UPDATE"}})")),
              "changed table public.t: owner [ann] [eve]\n");
    EXPECT_EQ(drift(of(R"({"owner":"ann","privileges":{"ann":"SELECT, UPDATE","bob":"INSERT*, SELECT*"}})"),
                    of(R"({"owner":"bob","privileges":{"bob":"INSERT*, SELECT*, UPDATE"}})")),
              "changed table public.t: owner [ann] [bob]\n");
    EXPECT_EQ(drift(of(R"({"owner":"ann","privileges":{"ann":"SELECT"}})"),
                    of(R"({"owner":"eve","privileges":{"eve":"ALL"}})")),
              "changed table public.t: owner [ann] [eve]\n"
              "changed table public.t: privileges of eve [SELECT] [ALL]\n");
}

} // namespace
} // namespace turnstone::core
