// What a DDL statement has touched, as its event triggers can ask the server.
#pragma once

#include <string>
#include <vector>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

struct TouchedObject {
    Oid catalog = InvalidOid;
    Oid object = InvalidOid;
    int subid = 0;
    std::string type; // as pg_identify_object() has it
    std::string identity;
    std::string
        schema; // in which it is, for what belongs to a table that table's; a schema's own name; or empty
    std::string
        former_schema; // where it has come from, for SET SCHEMA; the former name of a schema; else empty
    bool dropped = false;
    bool temporary = false;
    // Named by the statement, or gone by its CASCADE; not a part that went with its whole.
    bool in_its_own_right = true;
};

// In ddl_command_end: what the statement has made or changed, objects before their parts. Without what an
// extension's script has made.
std::vector<TouchedObject> objects_of_commands(const Node *statement);

// In sql_drop: what it has dropped, without the parts that went with their tables.
std::vector<TouchedObject> dropped_objects();

} // namespace turnstone::server
