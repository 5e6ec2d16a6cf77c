#include "turnstone/core/blame.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

const ObjectKey t{"public.t", "table"};

std::string shown(const std::vector<BlameRow> &rows) {
    std::string text;
    for (const BlameRow &row : rows)
        text += row.object.type + ' ' + row.object.identity + " [" + row.property + "] " +
                blame_name(row.what) + ' ' + std::to_string(row.origin.journal) + '.' +
                std::to_string(row.origin.statement) + '\n';
    return text;
}

SchemaObject table() {
    return {R"({"privileges":{"ann":"select","bob":"select"}})",
            {1259, 1, {}},
            {{"index", "i", "{}", {0, 7, {}}},
             {"table column", "a", R"({"privileges":{"eve":"update"}})", {0, 2, {}}},
             {"table column", "z", "{}", {0, 1, {}}}}};
}

TEST(BlameRows, TellOfAllPartsAndOfWhatWasChanged) {
    const Origins origins{{"", {1, 1}},
                          {"options/fillfactor", {2, 1}},
                          {"privileges/bob", {2, 2}},
                          {"table column/a", {3, 1}},
                          {"table column/a/default", {4, 1}},
                          {"index/i", {5, 0}}};
    EXPECT_EQ(shown(blame_rows(t, table(), origins)), "table public.t [] made 1.1\n"
                                                      "table public.t [option fillfactor] changed 2.1\n"
                                                      "table public.t [privileges of bob] changed 2.2\n"
                                                      "table public.t [privileges of ann] made 1.1\n"
                                                      "table column public.t.z [] made 1.1\n"
                                                      "table column public.t.a [] made 3.1\n"
                                                      "table column public.t.a [default] changed 4.1\n"
                                                      "table column public.t.a [privileges of eve] made 3.1\n"
                                                      "index public.i [] made 5.0\n");
}

TEST(BlameRows, OfOnePart) {
    const SchemaObject object = table();
    const Origins origins{{"", {1, 1}}, {"table column/a", {3, 1}}, {"table column/a/removed", {6, 2}}};
    EXPECT_EQ(shown(blame_rows(t, object, origins, &object.parts[1])),
              "table column public.t.a [] made 3.1\n"
              "table column public.t.a [privileges of eve] made 3.1\n"
              "table column public.t.a [] removed 6.2\n");
}

TEST(BlameRows, OfWhatIsNoMore) {
    EXPECT_EQ(shown(blame_rows(t, {"{}", {1259, 1, {}}, {}}, {{"", {1, 1}}, {"removed", {8, 1}}})),
              "table public.t [] made 1.1\n"
              "table public.t [] removed 8.1\n");
    EXPECT_EQ(shown(blame_rows(t, {"{}", {1259, 1, {}}, {}}, {})), "table public.t [] made 0.0\n");
}

} // namespace
} // namespace turnstone::core
