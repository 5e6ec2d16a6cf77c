// Triggers that keep a column: what the catalog has of them, and the statements that make and unmake ours.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/stamp_body.hpp"
#include "turnstone/core/stamp_options.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

struct ColumnFacts {
    std::string name;
    Oid type = InvalidOid;
    int32 typmod = -1;
    std::string type_name;
    bool not_null = false;
    bool generated = false;
    bool can_be_kept = false;
    bool is_integer = false;
};

struct TableFacts {
    Oid oid = InvalidOid;
    std::string schema;
    std::string name;
    std::string identity; // qualified and quoted
    char kind = ' ';      // as pg_class.relkind
    bool temporary = false;
    bool of_extension = false;
    // The partitioned table on top; itself for what is no partition.
    Oid root = InvalidOid;
    std::string root_schema;
    std::string root_name;
    std::vector<ColumnFacts> columns; // those that were asked for

    [[nodiscard]] const ColumnFacts *column(const std::string &wanted) const;
};

// Who stamps: none for a trigger that does something else.
enum class Keeper { none, native, moddatetime, plpgsql };

struct TriggerFacts {
    Oid oid = InvalidOid;
    Oid table = InvalidOid;
    Oid parent = InvalidOid; // of a partition's trigger that came with the partitioned table's
    std::string name;
    char enabled = 'O'; // as pg_trigger.tgenabled
    bool other_events = false;
    bool has_condition = false;
    bool has_columns = false;
    std::string function; // as EXECUTE FUNCTION names it, qualified
    Keeper keeper = Keeper::none;
    core::StampOptions options; // of a keeper
    std::string problem;        // arguments that cannot be read, settings of its function; a sentence's end
    std::optional<core::StampBody> body;               // of a known PL/pgSQL function
    std::optional<std::vector<core::SqlToken>> tokens; // of an unknown one

    [[nodiscard]] bool is_enabled() const { return enabled != 'D'; }
    [[nodiscard]] bool keeps(const std::string &column) const {
        return keeper != Keeper::none && options.column == column;
    }
    // Whether it may write the column.
    [[nodiscard]] bool writes(const std::string &column) const;
};

// BEFORE UPDATE row triggers by table, in the order in which they fire.
using Triggers = std::map<Oid, std::vector<TriggerFacts>>;

// Oids as texts, to be given to queries.
using OidTexts = std::vector<std::string>;

std::vector<TableFacts> read_tables(const OidTexts &tables, const std::vector<std::string> &columns);
Triggers read_triggers(const OidTexts &tables);
std::vector<TriggerFacts> triggers_of(Oid table);
TableFacts read_table(Oid table, const std::string &column);

// Tables of users that have a column of one of these names, or a trigger of ours.
OidTexts tables_of_interest(const std::vector<std::string> &columns);

// Facts of a known PL/pgSQL trigger function, or of none.
std::optional<core::StampBody> stamp_body_of(const std::string &source);

// Statements. Names in them are quoted by the server.
std::string quoted(const std::string &identifier);
std::string quoted_literal(const std::string &text);
// The qualified and quoted name of the trigger function.
std::string stamp_function();
std::string stamp_call(const core::StampOptions &options); // with its arguments
// "set_" and the column, cut to the length of a name.
std::string standard_name(const std::string &column);
void execute(const std::string &statement, Rights rights);
void create_stamp_trigger(const TableFacts &table, const std::string &name, const core::StampOptions &options,
                          bool replace, Rights rights);
void drop_trigger(const TableFacts &table, const std::string &name, Rights rights);
void set_enabled(const TableFacts &table, const std::string &name, char enabled, Rights rights);

// migrate_track_updated_at() and its like.
struct Tracked {
    std::string trigger;
    std::string status; // created, replaced, unchanged
};
Tracked track(Oid table, const core::StampOptions &options, bool add_column);
std::vector<std::string> untrack(Oid table, const std::optional<std::string> &column);

} // namespace turnstone::server
