// turnstone.ddl_log: DDL that did not come through the engine, and who did it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/server/ddl_objects.hpp"

namespace turnstone::server {

struct LoggedStatement {
    const char *command; // the command's tag
    std::string text;
    std::vector<TouchedObject> objects;
};

// Adds a row, with what is known of the session, and the number of the role's open break_glass if there is
// one.
void write_ddl_log(const LoggedStatement &statement);

// Removes what is older; returns the number of rows.
std::int64_t prune_ddl_log(const std::string &older_than);

// An entry of the log, as one asks for it who wants to know who has changed an object.
struct LoggedChange {
    std::int64_t id = 0;
    std::string at;
    std::string session_role;
    std::string role;
    std::string application;
    std::string client_address; // empty for a unix-domain socket
    std::string command;
    std::string statement;
    std::optional<std::int64_t> break_glass;
};

// An object, or a part of one, that somebody has changed. What is not known is 0 or empty.
struct ChangedObject {
    Oid catalog = InvalidOid;
    Oid object = InvalidOid;
    int subid = 0; // a column's number, with the OID of its table
    std::string identity;
    Oid whole_catalog = InvalidOid; // what it belongs to
    Oid whole = InvalidOid;
    std::string whole_identity;
};

// For each object the newest entry that names it, by its OID or its identity; where there is none, the newest
// that names the whole that it belongs to. `since`: entries from this time on only, as text that timestamptz
// reads; none for all. One query, however many objects there are.
std::vector<std::optional<LoggedChange>> last_changes_of(const std::vector<ChangedObject> &objects,
                                                         const std::optional<std::string> &since);

// When the schema was last recorded; none where it never was.
std::optional<std::string> time_of_last_snapshot();

} // namespace turnstone::server
