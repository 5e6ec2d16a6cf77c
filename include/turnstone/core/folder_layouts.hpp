// The layouts of the single tools' folders, behind read_folder() (folder.hpp), and what they share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"

namespace turnstone::core {

using Files = std::vector<const SourceFile *>; // in the order of their paths

void list_native(const Files &files, Folder &folder);
void list_goose(const Files &files, Folder &folder);
void list_dbmate(const Files &files, Folder &folder);
void list_golang_migrate(const Files &files, Folder &folder);
void list_sqlx(const Files &files, Folder &folder);
void list_flyway(const Files &files, Folder &folder);
void list_drizzle(const Files &files, Folder &folder);
void list_diesel(const Files &files, Folder &folder);
void list_prisma(const Files &files, Folder &folder);

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
void pass_over(Folder &folder, std::string_view path, std::string_view why);

// Of "1_x.up.sql": the number, the words before the last ".up." (or ".down."), and which of the two it is.
struct PairName {
    std::string_view digits;
    std::string_view words;
    Direction direction;
};
std::optional<PairName> pair_name(std::string_view name);

// "V1.2__x.sql" and the like: whether Flyway's naming is meant, be it well done or not.
bool is_meant_for_flyway(std::string_view name);

inline constexpr std::string_view prisma_lock = "migration_lock.toml";
inline constexpr std::string_view drizzle_journal = "meta/_journal.json";

} // namespace turnstone::core
