// Owns what a client that reads the folder itself needs: which texts are registered, and the registering of
// one entry of a folder as migrate_load() would register it.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

Datum upload(FunctionCallInfo fcinfo) {
    for (const auto &[number, argument] :
         {std::pair{0, "format"}, std::pair{1, "entry"}, std::pair{2, "script"}}) {
        if (PG_ARGISNULL(number))
            throw core::Error(core::ErrorCode::wrong_state,
                              fmt::format("argument \"{}\" must not be null", argument));
    }
    const std::string name = bytes_argument(fcinfo, 0);
    const auto format = core::parse_format(name);
    if (!format)
        throw core::Error(core::ErrorCode::undefined, fmt::format("format \"{}\" is unknown", name));
    const core::FolderMigration migration =
        core::read_entry(to_utf8(bytes_argument(fcinfo, 1)), bytes_argument(fcinfo, 2),
                         PG_ARGISNULL(3) ? std::string{} : bytes_argument(fcinfo, 3));
    const Registered one = register_entry(*format, migration);
    ResultRows result(fcinfo);
    result.put({one.version, one.name, one.status});
    return static_cast<Datum>(0);
}

// The bytes are not read: of a thousand scripts this takes a millisecond.
Datum registered(FunctionCallInfo fcinfo) {
    static Query query{R"(
        select version, name, kind, format, checksum, placeholders, foreign_id,
               case when pg_catalog.cardinality(requirements || conflicts || tags) > 0 then pg_catalog.json_build_object(
                    'requirements', requirements, 'conflicts', conflicts, 'tags', tags) end
          from turnstone.migration order by version)"};
    const Rows rows = run(query);
    const bool placeholders = settings::placeholders();
    ResultRows result(fcinfo);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const bool native = rows.text(row, 3) == core::format_name(core::Format::native);
        const bool stale = native && rows.boolean(row, 5) != placeholders;
        result.put({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3),
                    rows.text(row, 4), stale, rows.text(row, 6), Value::or_null(rows.text(row, 7))});
    }
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
