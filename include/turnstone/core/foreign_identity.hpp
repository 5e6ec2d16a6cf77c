// The sums and ids by which other tools' journals know a script, each by that tool's own rule, and the keys
// of the advisory locks that they take. Checked against known values in tests/unit/foreign_identity_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/digest.hpp"

namespace turnstone::core {

// Flyway's checksum column: CRC-32 of the lines without their ends and without a byte order mark.
std::int32_t flyway_checksum(std::string_view bytes);

// graphile-migrate: "sha1:...", over the body and the hash before it (empty for the first).
std::string graphile_hash(std::string_view body, std::string_view previous_hash);

// Atlas: of one file after the other, each sum over all before it as well.
class AtlasSum {
  public:
    // Of "1_a.sql" with its bytes: what behind "h1:" stands in its line of atlas.sum. `ignored`: by "--
    // atlas:sum ignore"; nothing then stands there.
    std::string add(std::string_view name, std::string_view bytes, bool ignored = false);
    // What stands behind "h1:" in the first line.
    [[nodiscard]] std::string total() const;

  private:
    Sha256 files_;
    Sha256 lines_;
};

// Sqitch: what its ids are made of.
struct SqitchChange {
    std::string project;
    std::string uri; // of the project; or empty
    std::string name;
    std::string parent;  // id of the change before it in the plan; empty for the first
    std::string planner; // "Ann <ann@x.org>"
    std::string date;    // "2026-01-02T03:04:05Z"
    std::vector<std::string> requirements;
    std::vector<std::string> conflicts;
    std::string note;
};
std::string sqitch_change_id(const SqitchChange &change);

namespace foreign_lock {

std::int64_t flyway(std::string_view schema, std::string_view table);
std::int64_t golang_migrate(std::string_view schema, std::string_view table, std::string_view database);
std::int64_t sqlx(std::string_view database);
inline constexpr std::int64_t goose = 4097083626; // crc32("goose")
inline constexpr std::int64_t sqitch = 75474063;
inline constexpr std::int64_t atlas = 2686470616; // fnv1_32("atlas_migrate_execute")
inline constexpr std::int64_t prisma = 72707369;
inline constexpr std::int64_t graphile_migrate = 4727445306447283;
inline constexpr std::int64_t node_pg_migrate = 7241865325823964;

} // namespace foreign_lock

} // namespace turnstone::core
