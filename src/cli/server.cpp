// Owns the first look into a database: whether, where and in which version the extension is there.
#include "turnstone/cli/server.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace turnstone::cli {

Server::Server(const Address &address) : address_(address), connection_(address) {
    const Result found = connection_.query(
        "select n.nspname, e.extversion, pg_catalog.current_database(), pg_catalog.pg_backend_pid()"
        "  from (values (1)) as one left join pg_catalog.pg_extension e on e.extname = 'turnstone'"
        "  left join pg_catalog.pg_namespace n on n.oid = e.extnamespace");
    database_ = found.text(0, 2);
    backend_ = std::atoi(std::string(found.text(0, 3)).c_str());
    pooled_ = backend_ != PQbackendPID(connection_.raw());
    if (found.is_null(0, 0))
        throw Failure(ExitCode::no_extension,
                      fmt::format("the extension turnstone is not in database \"{}\"", database_), {},
                      "\"turnstone init\" creates it, with the rights of a superuser.");
    schema_ = connection_.quoted(found.text(0, 0));
    extension_version_ = found.text(0, 1);
}

std::string Server::function(const char *name) const {
    return fmt::format("{}.{}", schema_, name);
}

Result Server::select(const char *function_name, const char *arguments, const Parameters &parameters) {
    const std::string sql = fmt::format("select * from {}({})", function(function_name), arguments);
    return connection_.query(sql.c_str(), parameters);
}

} // namespace turnstone::cli
