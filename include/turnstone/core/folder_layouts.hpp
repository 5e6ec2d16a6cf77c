// The layouts of the single tools' folders, behind read_folder() (folder.hpp), and what they share.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"

namespace turnstone::core {

using Files = std::vector<const SourceFile *>; // in the order of their paths

// Throws invalid_script where the evidence is for several formats or for none.
Format format_by_evidence(const Files &files);

void list_native(const Files &files, Folder &folder);
void list_goose(const Files &files, Folder &folder);
void list_dbmate(const Files &files, Folder &folder);
void list_golang_migrate(const Files &files, Folder &folder);
void list_sqlx(const Files &files, Folder &folder);
void list_flyway(const Files &files, Folder &folder);
void list_drizzle(const Files &files, Folder &folder);
void list_diesel(const Files &files, Folder &folder);
void list_prisma(const Files &files, Folder &folder);
void list_sqitch(const Files &files, Folder &folder);
void list_liquibase(const Files &files, Folder &folder);
void list_atlas(const Files &files, Folder &folder);
void list_graphile_migrate(const Files &files, Folder &folder);
void list_node_pg_migrate(const Files &files, Folder &folder);
void list_supabase(const Files &files, Folder &folder);
void list_postgrator(const Files &files, Folder &folder);
void list_knex(const Files &files, Folder &folder);
void list_alembic(const Files &files, Folder &folder);
void list_dump(const Files &files, Folder &folder);
void list_plain(const Files &files, Folder &folder);

std::string_view without_mark(std::string_view bytes); // without a byte order mark of UTF-8
std::string_view base_name(std::string_view path);
std::string_view folder_name(std::string_view path); // "a/b" of "a/b/c"; empty at the top
bool at_top(std::string_view path);
bool is_sql(std::string_view path); // ".sql" in any case
const SourceFile *find_file(const Files &files, std::string_view path);

// The digits that a name begins with.
std::string_view leading_digits(std::string_view name);
// Words: without the marks in front, underscores as spaces.
std::string description_of(std::string_view words);
// Without its last ".sql", or as it is.
std::string_view without_sql(std::string_view name);

Error name_error(std::string_view path, std::string why, std::string hint);
Error duplicate_error(std::string_view version, std::string_view one, std::string_view other);
Error file_error(std::string_view path, int line, std::string why, std::string hint); // invalid_script
Error unsupported_error(std::string_view path, int line, std::string why, std::string hint);
void pass_over(Folder &folder, std::string_view path, std::string_view why);
// Those of one folder at the top together: "perf: 5 files, not looked at".
void pass_over_folders(Folder &folder, const Files &files, std::string_view why);
void remark(Folder &folder, std::string_view path, int line, std::string_view what);

// The files at the top, which are all that most tools look at; the others are passed over.
Files top_level(const Files &files, Folder &folder);
// A file that a program is in, in a language of the tool's own ("is a program in Go"); empty for others.
std::string_view program_language(std::string_view path);
// Passes it over where it is no SQL script; programs are named as such, with the tool that runs them.
bool passes_over_other_files(Folder &folder, const SourceFile &file, std::string_view tool);

// A migration of one file.
FolderMigration single(const SourceFile &file, Version version, std::string description);
void sort_by_version(std::vector<FolderMigration> &migrations);
// Throws where the versions do not rise in the order in which the tool runs the migrations: turnstone goes by
// them.
void require_rising_versions(const Folder &folder, std::string_view tool);

// Files for up and down, one migration of each version.
class Pairs {
  public:
    void add(const SourceFile &file, const Version &version, Direction direction, std::string description);
    // In the order of versions. Those that have a Down only are passed over.
    void move_to(Folder &folder);
    std::map<Version, FolderMigration> take() { return std::move(migrations_); }

  private:
    std::map<Version, FolderMigration> migrations_;
};

// Of "1_x.up.sql": the number, the words before the last ".up." (or ".down."), and which of the two it is.
struct PairName {
    std::string_view digits;
    std::string_view words;
    Direction direction;
};
std::optional<PairName> pair_name(std::string_view name);

// Of "001.do.words.sql": its three parts.
struct PostgratorName {
    std::string_view digits;
    std::string_view words;
    Direction direction;
};
std::optional<PostgratorName> postgrator_name(std::string_view name);

// In milliseconds since 1970, of "20261121024324" or "20261121024324005" in UTC.
std::optional<std::int64_t> milliseconds_of_stamp(std::string_view digits);

// Whether a text is what pg_dump writes, or ends with the list of versions that Rails and dbmate append to
// that.
bool is_dump(std::string_view text);
// "--! Previous:" as its first bytes.
bool has_graphile_header(std::string_view text);

// "V1.2__x.sql" and the like: whether Flyway's naming is meant, be it well done or not.
bool is_meant_for_flyway(std::string_view name);

inline constexpr std::string_view sqitch_plan = "sqitch.plan";
inline constexpr std::string_view sqitch_configuration = "sqitch.conf";
inline constexpr std::string_view atlas_sum = "atlas.sum";
inline constexpr std::string_view supabase_configuration = "config.toml";
inline constexpr std::string_view prisma_lock = "migration_lock.toml";
inline constexpr std::string_view drizzle_journal = "meta/_journal.json";

} // namespace turnstone::core
