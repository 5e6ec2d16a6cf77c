#include "turnstone/core/alembic_lineage.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/foreign_history.hpp"

namespace turnstone::core {
namespace {

using Texts = std::vector<std::string>;

const std::vector<AlembicRevision> branched{
    {"r1", {}}, {"rb", {"r1"}}, {"ra", {"r1"}}, {"rm", {"ra", "rb"}}, {"rz", {"rm"}}};

OwnScript revision(std::string version, std::string id, const std::string &from) {
    OwnScript one;
    one.version = std::move(version);
    one.bytes = "BEGIN;\n\n-- Running upgrade " + from + " -> " + id + "\n\nSELECT 1;\n";
    one.name = one.foreign_id = std::move(id);
    return one;
}

TEST(AlembicLineage, ParentsAreReadFromTheComment) {
    EXPECT_EQ(alembic_parents("BEGIN;\n-- Running upgrade ra, rb -> rm\nSELECT 1;"), (Texts{"ra", "rb"}));
    EXPECT_EQ(alembic_parents("-- Running upgrade  -> r1\n"), Texts{});
    EXPECT_EQ(alembic_parents("SELECT 1;"), std::nullopt);
}

TEST(AlembicLineage, HeadsAreWhatNothingStandsOn) {
    EXPECT_EQ(alembic_heads(branched), Texts{"rz"});
    EXPECT_EQ(alembic_heads({branched.begin(), branched.begin() + 3}), (Texts{"rb", "ra"}));
    EXPECT_EQ(alembic_heads({}), Texts{});
}

TEST(AlembicLineage, Ancestors) {
    EXPECT_EQ(alembic_ancestors(branched, {"ra"}), Texts{"r1"});
    EXPECT_EQ(alembic_ancestors(branched, {"rm"}), (Texts{"ra", "rb", "r1"}));
    EXPECT_EQ(alembic_ancestors({{"a", {"b"}}, {"b", {"a"}}}, {"a"}), (Texts{"b", "a"})); // no endless way
}

// What is before a head in the output is not applied where it is of another branch.
TEST(AlembicLineage, AHeadSpeaksForItsOwnBranchOnly) {
    const std::vector<OwnScript> scripts{revision("1", "r1", ""), revision("2", "rb", "r1"),
                                         revision("3", "ra", "r1"), revision("4", "rm", "ra, rb")};
    const auto verdicts = [&](const Texts &heads) {
        std::vector<ForeignRow> rows;
        for (const std::string &head : heads)
            rows.emplace_back().id = head;
        std::string text;
        for (const Adoption &one : match_history(ForeignTool::alembic, rows, scripts))
            text += (text.empty() ? "" : ", ") + std::string(verdict_name(one.verdict));
        return text;
    };
    EXPECT_EQ(verdicts({"ra"}), "assumed, pending, named, pending");
    EXPECT_EQ(verdicts({"ra", "rb"}), "assumed, named, named, pending");
    EXPECT_EQ(verdicts({"rm"}), "assumed, assumed, assumed, named");
}

} // namespace
} // namespace turnstone::core
