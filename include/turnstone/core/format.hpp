// The script formats that are read, turnstone's own and those of other tools, and the one way to read a
// migration of any of them. Where the files of a migration lie is folder.hpp's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "turnstone/core/script.hpp"

namespace turnstone::core {

enum class Format {
    native, // annotations of sql-migrate, and plain files
    goose,
    dbmate,
    golang_migrate,
    flyway,
    drizzle,
    diesel,
    sqlx,
    prisma,
    sqitch,
    liquibase, // formatted SQL
    atlas,
    graphile_migrate,
    node_pg_migrate, // its SQL files
    supabase,
    postgrator,
    knex,    // SQL files beside its programs
    alembic, // the output of "alembic upgrade --sql"
    dump,    // structure.sql of Rails, schema.sql of dbmate and the like: what pg_dump writes
    plain,   // no annotations
};

const char *format_name(Format format);                    // "golang-migrate"
std::string format_names();                                // of all, for people
std::optional<Format> parse_format(std::string_view name); // in any case, '_' for '-'; "auto" is no format
bool has_down_file(Format format);                         // its Down is a file of its own
using Variables = std::map<std::string, std::string, std::less<>>;

// The two directions of one migration, by the format's own grammar. `up` and `down` are bytes of files;
// `down` is empty where there is no such file. Every line of a section is that line of its file, and, where
// no variable is put in, every offset too.
//   goose:  ENVSUB takes its variables from `variables`
//   Flyway: so do the placeholders; the variable "flyway:placeholderReplacement" = "false" leaves them alone
//   graphile-migrate: so do its placeholders, ":DATABASE_NAME" and the like
//   Liquibase: so do its parameters; one that is not there is left as it stands
//   native: so do its own, where the script's head says "Placeholders: on", or `placeholders` where it says
//   nothing. They are put in behind the annotations, which no value can bring about.
// A variable that is not there is an error unless the syntax gives a default. Throws invalid_script and
// invalid_text, with the line; what is wrong in `down` says "down file: " first.
Script read_migration(Format format, std::string_view up, std::string_view down, const Variables &variables,
                      bool standard_conforming_strings = true, bool placeholders = false);

} // namespace turnstone::core
