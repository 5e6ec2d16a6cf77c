#include "turnstone/core/script_name.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

TEST(ScriptName, SplitsVersionAndDescription) {
    const ScriptName name = parse_script_name("20240101120000_create_users.sql");
    EXPECT_EQ(name.name, "20240101120000_create_users.sql");
    EXPECT_EQ(name.version.text(), "20240101120000");
    EXPECT_EQ(name.description, "create users");
}

TEST(ScriptName, TakesTheUsualVariants) {
    EXPECT_EQ(parse_script_name("0007-add-index.sql").description, "add-index");
    EXPECT_EQ(parse_script_name("1.2__add_index.sql").version.text(), "1.2");
    EXPECT_EQ(parse_script_name("1.2__add_index.sql").description, "add index");
    EXPECT_EQ(parse_script_name("7.add_index.sql").version.text(), "7");
    EXPECT_EQ(parse_script_name("7.add_index.sql").description, "add index");
    EXPECT_EQ(parse_script_name("7.sql").version.text(), "7");
    EXPECT_EQ(parse_script_name("7.sql").description, "");
    EXPECT_EQ(parse_script_name("7_x").description, "x");
    EXPECT_EQ(parse_script_name("3_\"odd\" näme.sql").description, "\"odd\" näme");
}

TEST(ScriptName, SeedsAndHooksHaveANameForAVersion) {
    const ScriptName seed = parse_script_name("seeds/S__010_first_users.sql");
    EXPECT_EQ(seed.kind, MigrationKind::seed);
    EXPECT_EQ(seed.version.text(), "S__010_first_users");
    EXPECT_EQ(seed.description, "010 first users");
    for (const char *name : hook_names) {
        EXPECT_EQ(parse_script_name(name).kind, MigrationKind::hook) << name;
        const ScriptName hook = parse_script_name(std::string(name) + ".sql");
        EXPECT_EQ(hook.kind, MigrationKind::hook) << name;
        EXPECT_EQ(hook.version.text(), name);
        EXPECT_EQ(naming_fault(hook.name), "");
    }
    EXPECT_EQ(naming_fault("S__First.sql").substr(0, 13), "Its words are");
    EXPECT_EQ(naming_fault("S__010_users.sql"), "");
    for (const char *name : {"S__.sql", "S_users.sql", "before_lunch.sql", "Before_run.sql"})
        EXPECT_THROW(parse_script_name(name), Error) << name;
    EXPECT_EQ(parse_script_name("R__x.sql").kind, MigrationKind::repeatable);
    EXPECT_EQ(parse_script_name("1_x.sql").kind, MigrationKind::versioned);
    for (const MigrationKind kind : {MigrationKind::versioned, MigrationKind::repeatable,
                                     MigrationKind::baseline, MigrationKind::seed, MigrationKind::hook})
        EXPECT_EQ(parse_kind(kind_name(kind)), kind);
    EXPECT_FALSE(parse_kind("x").has_value());
}

TEST(ScriptName, RepeatableOnesHaveANameForAVersion) {
    const ScriptName name = parse_script_name("R__refresh_views.sql");
    EXPECT_TRUE(name.version.is_repeatable());
    EXPECT_EQ(name.version.text(), "R__refresh_views");
    EXPECT_EQ(name.description, "refresh views");
    EXPECT_THROW(parse_script_name("R__.sql"), Error);
}

TEST(ScriptName, DropsADirectory) {
    EXPECT_EQ(parse_script_name("db/migrations/7_x.sql").name, "7_x.sql");
    EXPECT_EQ(parse_script_name("db\\migrations\\7_x.sql").name, "7_x.sql");
}

TEST(ScriptName, RefusesWhatHasNoVersion) {
    for (const char *name : {"", "dir/", "create_users.sql", "_1.sql", ".sql", "1..2_x.sql", "v1_x.sql"}) {
        try {
            parse_script_name(name);
            ADD_FAILURE() << name;
        } catch (const Error &error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid_name);
            EXPECT_FALSE(error.hint().empty());
        }
    }
}

TEST(ScriptName, RefusesAVersionThatRunsIntoWords) {
    EXPECT_THROW(parse_script_name("0001create.sql"), Error);
}

TEST(ScriptName, ShowsControlCharactersEscaped) {
    try {
        parse_script_name("1_a\nb.sql");
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "\"1_a\\x0ab.sql\" is no name of a migration script");
    }
}

TEST(NamingFault, IsNoneForTheStrictForm) {
    for (const char *name :
         {"20240131235959_create_users.sql", "20240101000000_add_x2_to_y.sql", "R__views.sql"})
        EXPECT_EQ(naming_fault(name), "") << name;
}

TEST(NamingFault, NamesTheFirstFault) {
    EXPECT_EQ(naming_fault("20240101000000_create_users"), "It does not end in .sql.");
    for (const char *name : {"1_create_users.sql", "202401010000001_create_users.sql", ".sql"})
        EXPECT_EQ(naming_fault(name).substr(0, 22), "It does not begin with") << name;
    for (const char *name : {"20241301000000_a_b.sql", "20240132000000_a_b.sql", "20240101240000_a_b.sql"})
        EXPECT_EQ(naming_fault(name).substr(0, 17), "Its 14 digits are") << name;
    for (const char *name :
         {"20240101000000.sql", "20240101000000_create.sql", "20240101000000-a-b.sql",
          "20240101000000_Create_users.sql", "20240101000000_a__b.sql", "20240101000000_a_.sql"})
        EXPECT_EQ(naming_fault(name).substr(0, 14), "Its time stamp") << name;
    EXPECT_FALSE(naming_fault("R__Views.sql").empty());
}

} // namespace
} // namespace turnstone::core
