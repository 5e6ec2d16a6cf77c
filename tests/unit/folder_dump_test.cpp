#include "folders.hpp"

namespace turnstone::core {
namespace {

const std::string settings =
    "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n";
const std::string rails =
    settings + "CREATE TABLE public.schema_migrations (version character varying NOT NULL);\n"
               "SET search_path TO \"$user\", public;\n\n"
               "INSERT INTO \"schema_migrations\" (version) VALUES\n('20240301000000'),\n"
               "('20240302000000'),\n('20240101000000');\n\nINSERT INTO t VALUES ('99999999999999');\n";

TEST(DumpFolder, IsABaselineOfItsNewestVersion) {
    const Folder folder = read_folder(
        {{"structure.sql", rails}, {"seeds.rb", ""}, {"migrate/1_a.rb", ""}, {"migrate/2_b.rb", ""}},
        std::nullopt);
    EXPECT_EQ(folder.format, Format::dump);
    EXPECT_EQ(versions_of(folder), (Texts{"20240302000000"}));
    EXPECT_EQ(folder.migrations[0].kind, MigrationKind::baseline);
    EXPECT_EQ(script_of(folder, 0).up.text, rails);
    EXPECT_EQ(folder.notes,
              (Texts{"seeds.rb: is a program in Ruby, which only the tool that it is of can run",
                     "migrate: 2 files, beside the dump"}));
    EXPECT_EQ(folder.remarks,
              (Texts{"\"structure.sql\" is taken for the sum of all migrations up to 20240302000000, the "
                     "newest in its list"}));
}

TEST(DumpFolder, OfPgDumpItself) {
    const std::string dump =
        "--\n-- PostgreSQL database dump\n--\n\nCOPY public.schema_migrations (version) FROM stdin;\n"
        "7\n12\n9\n\\.\n";
    EXPECT_EQ(versions_of(read_folder({{"schema.sql", dump}}, std::nullopt)), (Texts{"12"}));
    const Folder plain = read_folder({{"schema.sql", settings}}, std::nullopt);
    EXPECT_EQ(versions_of(plain), (Texts{"1"}));
    EXPECT_EQ(plain.remarks,
              (Texts{"\"schema.sql\" holds no list of versions, so it is taken for the sum of version 1"}));
}

TEST(DumpFolder, WhatIsNotClearIsRefused) {
    expect_refusal({{"structure.sql", settings}, {"1_a.sql", "SELECT 1;"}}, std::nullopt,
                   ErrorCode::invalid_script,
                   "the format of the folder is not clear: it may be native or dump",
                   "native: numbered scripts in \"1_a.sql\". dump: a dump of pg_dump in \"structure.sql\".");
    expect_refusal({{"a.sql", settings}, {"b.sql", settings}}, Format::dump, ErrorCode::duplicate,
                   "there are two dumps: \"a.sql\" and \"b.sql\"");
    expect_refusal({{"a.sql", "SELECT 1;"}}, Format::dump, ErrorCode::invalid_script,
                   "the folder holds no dump of pg_dump");
    EXPECT_EQ(
        read_folder({{"schema.sql", settings}, {"1_a.sql", "-- migrate:up\n-- migrate:down\n"}}, std::nullopt)
            .format,
        Format::dbmate); // it lies beside the scripts of many tools
    EXPECT_EQ(read_folder({{"1_schema.sql", settings}}, std::nullopt).format, Format::native);
}

TEST(SupabaseFolder, IsToldByItsConfiguration) {
    const Folder folder = read_folder({{"config.toml", "project_id = \"demo\"\n"},
                                       {"migrations/20240101120000_create_t.sql", "CREATE TABLE t();"},
                                       {"migrations/README.sql", ""},
                                       {"seed.sql", "INSERT INTO t DEFAULT VALUES;"},
                                       {"functions/a/index.ts", ""}},
                                      std::nullopt);
    EXPECT_EQ(folder.format, Format::supabase);
    EXPECT_EQ(names_of(folder), (Texts{"20240101120000_create_t.sql"}));
    EXPECT_EQ(
        folder.notes,
        (Texts{
            "migrations/README.sql: is not named like 20240101120000_name.sql, so Supabase does not see it",
            "seed.sql: is a seed: register it as S__seed.sql", "functions: 1 file, outside of migrations"}));
    EXPECT_EQ(
        names_of(read_folder({{"20240101120000_create_t.sql", ""}}, Format::supabase)), // migrations itself
        (Texts{"20240101120000_create_t.sql"}));
}

} // namespace
} // namespace turnstone::core
