// Owns which types a stamp can have.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/stamp.hpp"

namespace turnstone::server {

bool is_stamp_type(Oid type) {
    switch (pg([&] { return getBaseType(type); })) {
    case TIMESTAMPTZOID:
    case TIMESTAMPOID:
    case DATEOID:
    case INT8OID:
    case INT4OID:
        return true;
    default:
        return false;
    }
}

StampType stamp_type(Oid type, int32 typmod, const core::StampOptions &options, const std::string &table) {
    StampType result{type, InvalidOid, typmod, false};
    pg([&] {
        result.base = getBaseTypeAndTypmod(type, &result.typmod);
        result.is_domain = result.base != type;
    });
    const auto refuse = [&](const std::string &hint) {
        const char *name = pg([&] { return format_type_be(type); });
        throw core::Error(core::ErrorCode::wrong_type,
                          fmt::format("column \"{}\" of table \"{}\" cannot be kept by "
                                      "turnstone_set_updated_at()",
                                      options.column, table),
                          fmt::format("It is of type {}.", name), hint);
    };
    const bool is_integer = result.base == INT8OID || result.base == INT4OID;
    if (!is_stamp_type(type))
        refuse(
            "The column must be of type timestamptz, timestamp, date, bigint or integer, or of a domain over "
            "one of them.");
    if (options.unit && !is_integer)
        refuse("A unit is for columns of type bigint and integer.");
    if (result.base == INT4OID && options.unit == core::StampUnit::milliseconds)
        refuse("Milliseconds need a column of type bigint.");
    return result;
}

} // namespace turnstone::server
