// Owns turnstone.seal and its event triggers: which statements break a seal, and what becomes of them.
//
// What a statement touches is known when it has run: its ddl_command_end and sql_drop refuse it, and the
// error undoes it. Two kinds are looked at before they run: those that commit on their way, which no error
// undoes, and those that may take a table's strongest lock and rewrite it, only to be refused.
#include "turnstone/server/seal.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/break_glass.hpp"
#include "turnstone/server/ddl_objects.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/own_event_triggers.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/statement_rules.hpp"
#include "turnstone/server/watch.hpp"

namespace turnstone::server {

namespace {

constexpr OwnEventTrigger seal_triggers[] = {
    {"turnstone_seal_command", "ddl_command_end", "", "turnstone.keep_seal",
     "refuses or warns of DDL in sealed schemas that is no migration; made and dropped by migrate_seal()"},
    {"turnstone_seal_drop", "sql_drop", "", "turnstone.keep_seal", "the same of what a statement drops"},
    {"turnstone_seal_start", "ddl_command_start", "'ALTER TABLE', 'CREATE INDEX', 'DROP INDEX'",
     "turnstone.keep_seal",
     "the same before a statement begins that no error could undo, or that would be long"},
};

enum class Mode { off, warn, refuse };

struct Seal {
    Mode mode = Mode::off;
    bool everything = false;
    std::vector<std::string> schemas;

    [[nodiscard]] bool covers(const std::string &schema) const {
        if (schema.empty() || schema == "turnstone" || schema == "information_schema" ||
            schema.starts_with("pg_"))
            return false;
        return everything || std::find(schemas.begin(), schemas.end(), schema) != schemas.end();
    }
};

std::optional<Mode> mode_named(const std::string &name) {
    if (name == "off")
        return Mode::off;
    if (name == "warn")
        return Mode::warn;
    if (name == "refuse")
        return Mode::refuse;
    return std::nullopt;
}

Seal read_seal() {
    static Query query{
        "select mode, schemas is null, pg_catalog.array_to_string(schemas, e'\\x1f') from turnstone.seal"};
    const Rows rows = run(query);
    if (rows.empty())
        return {};
    return {mode_named(rows.text(0, 0)).value_or(Mode::refuse), rows.boolean(0, 1),
            split_list(rows.text(0, 2))};
}

// The extension's own functions stand among the user's, and are granted to roles there.
bool is_ours(const TouchedObject &object) {
    return pg([&] {
        const Oid extension = get_extension_oid("turnstone", true);
        return OidIsValid(extension) && getExtensionOfObject(object.catalog, object.object) == extension;
    });
}

std::string broken_schema(const Seal &seal, const TouchedObject &object) {
    if (object.temporary || !object.in_its_own_right)
        return {};
    const std::string &schema = seal.covers(object.schema) ? object.schema : object.former_schema;
    return seal.covers(schema) && (object.dropped || !is_ours(object)) ? schema : std::string{};
}

void report(const Seal &seal, const char *command, const TouchedObject &object, const std::string &schema,
            std::size_t others) {
    const std::string message =
        fmt::format("{} is no migration, and schema \"{}\" is sealed", command, schema);
    const std::string more = others == 0 ? "" : fmt::format(", with {} more", others);
    const std::string detail = object.type == "schema"
                                   ? fmt::format("It is about the schema itself{}.", more)
                                   : fmt::format("It is about {} {} of schema \"{}\"{}.", object.type,
                                                 object.identity, schema, more);
    constexpr const char *hint =
        "Write it as a migration and run that: migrate_register(), then migrate_apply(). In an emergency, "
        "migrate_break_glass(reason) lets a role through for a time.";
    if (seal.mode == Mode::refuse)
        throw core::Error(core::ErrorCode::sealed, message, detail, hint);
    pg([&] {
        ereport(WARNING, (errcode(ERRCODE_WARNING), errmsg_internal("%s", message.c_str()),
                          errdetail_internal("%s", detail.c_str()), errhint("%s", hint)));
    });
}

void keep(const EventTriggerData &data, const Seal &seal, const std::vector<TouchedObject> &objects) {
    const TouchedObject *first = nullptr;
    std::string schema;
    std::size_t broken = 0;
    for (const TouchedObject &object : objects) {
        const std::string of_object = broken_schema(seal, object);
        if (of_object.empty())
            continue;
        if (broken++ == 0) {
            first = &object;
            schema = of_object;
        }
    }
    if (first != nullptr && !open_break_glass())
        report(seal, GetCommandTagName(data.tag), *first, schema, broken - 1);
}

// The relation that the statement is about, where it is to be looked at before it runs.
struct Target {
    const RangeVar *relation = nullptr;
    bool commits_on_its_way = false;
    const char *index_if_missing = nullptr; // CREATE INDEX IF NOT EXISTS: nothing happens where there is one
};

// In a leaf.
Target target_of(const Node *statement) {
    if (IsA(statement, IndexStmt)) {
        const auto *index = reinterpret_cast<const IndexStmt *>(statement);
        return {index->relation, index->concurrent, index->if_not_exists ? index->idxname : nullptr};
    }
    if (IsA(statement, AlterTableStmt)) {
        const auto *alter = reinterpret_cast<const AlterTableStmt *>(statement);
        return {alter->relation, detaches_concurrently(alter)};
    }
    if (IsA(statement, DropStmt)) {
        const auto *drop = reinterpret_cast<const DropStmt *>(statement);
        if (drop->removeType == OBJECT_INDEX && drop->concurrent && list_length(drop->objects) == 1)
            return {makeRangeVarFromNameList(static_cast<List *>(linitial(drop->objects))), true};
    }
    return {};
}

struct FlatTarget {
    bool exists;
    bool commits_on_its_way;
    ObjectAddress address;
    const char *type;
    const char *identity;
    const char *schema;
    bool temporary;
};

FlatTarget look_up(const Node *statement) {
    const Target target = target_of(statement);
    FlatTarget flat{};
    flat.commits_on_its_way = target.commits_on_its_way;
    if (target.relation == nullptr)
        return flat;
    const Oid relation = RangeVarGetRelid(target.relation, NoLock, true);
    if (!OidIsValid(relation))
        return flat;
    const Oid schema = get_rel_namespace(relation);
    if (target.index_if_missing != nullptr && OidIsValid(get_relname_relid(target.index_if_missing, schema)))
        return flat;
    flat.address = {RelationRelationId, relation, 0};
    flat.identity = getObjectIdentity(&flat.address, true);
    flat.type = getObjectTypeDescription(&flat.address, true);
    flat.schema = get_namespace_name_or_temp(schema);
    flat.exists = flat.identity != nullptr && flat.schema != nullptr;
    flat.temporary = flat.exists && strcmp(flat.schema, "pg_temp") == 0;
    return flat;
}

// Refusals before the statement runs; the warning only where it is too late afterwards.
void look_before(const EventTriggerData &data) {
    const MemoryScope memory;
    const FlatTarget target = pg([&] { return look_up(data.parsetree); });
    if (!target.exists)
        return;
    const Seal seal = read_seal();
    if (seal.mode == Mode::refuse || target.commits_on_its_way)
        keep(data, seal,
             {{target.address.classId, target.address.objectId, 0, target.type, target.identity,
               target.schema, "", false, target.temporary, true}});
}

bool was_looked_at_before(const EventTriggerData &data) {
    return pg([&] { return target_of(data.parsetree).commits_on_its_way; });
}

void look_behind(const EventTriggerData &data, const std::vector<TouchedObject> &objects) {
    if (!objects.empty() && !was_looked_at_before(data))
        keep(data, read_seal(), objects);
}

} // namespace

bool is_sealed() {
    return event_trigger_fires(seal_triggers[0].name) && read_seal().mode != Mode::off;
}

Datum keep_seal(FunctionCallInfo fcinfo) {
    const EventTriggerData *data = event_to_look_at(fcinfo);
    if (data == nullptr)
        return Datum{0};
    if (strcmp(data->event, "ddl_command_start") == 0) {
        look_before(*data);
    } else if (strcmp(data->event, "sql_drop") == 0) {
        look_behind(*data, dropped_objects());
        if (!is_watching() && open_break_glass())
            keep_dropped(*data);
    } else if (data->tag != CMDTAG_REINDEX && data->tag != CMDTAG_REFRESH_MATERIALIZED_VIEW) {
        look_behind(*data, objects_of_commands(data->parsetree));
        if (!is_watching() && open_break_glass())
            log_statement(*data);
    }
    return Datum{0};
}

namespace {

std::string described(Mode mode, const std::string &name, bool everything,
                      const std::vector<std::string> &schemas) {
    if (mode == Mode::off)
        return name;
    return fmt::format("{}: {}", name,
                       everything ? std::string("all schemas") : fmt::format("{}", fmt::join(schemas, ", ")));
}

void note_missing_schemas(const std::vector<std::string> &schemas) {
    for (const std::string &schema : schemas) {
        if (!pg([&] { return OidIsValid(get_namespace_oid(schema.c_str(), true)); }))
            pg([&] {
                ereport(NOTICE, (errmsg("schema \"%s\" does not exist yet", schema.c_str()),
                                 errdetail("It is sealed when it appears.")));
            });
    }
}

} // namespace

Datum set_seal(FunctionCallInfo fcinfo) {
    static Query lock{"lock table turnstone.seal in share row exclusive mode"};
    static Query clear{"delete from turnstone.seal"};
    static Query write{R"(
        insert into turnstone.seal (mode, schemas, sealed_by)
        values ($1, case when not $2 then $3 end, $4))"};
    const std::string name = optional_text_argument(fcinfo, 0).value_or("");
    const std::optional<Mode> mode = mode_named(name);
    if (!mode)
        throw core::Error(core::ErrorCode::invalid_argument,
                          fmt::format("\"{}\" is no mode of sealing", name), {},
                          "The modes are off, warn and refuse.");
    const bool everything = PG_ARGISNULL(1);
    const std::vector<std::string> schemas = text_array_argument(fcinfo, 1);
    if (!everything && schemas.empty() && *mode != Mode::off)
        throw core::Error(core::ErrorCode::invalid_argument, "no schema is named", {},
                          "Give their names, or null for all.");
    run(lock);
    const Seal before = read_seal();
    bool changed = before.mode != *mode ||
                   (*mode != Mode::off && (before.everything != everything || before.schemas != schemas));
    if (changed) {
        run(clear);
        if (*mode != Mode::off)
            run(write, {name, everything, schemas, current_role()});
    }
    for (const EventTriggerState &state :
         *mode == Mode::off ? drop_event_triggers(seal_triggers) : make_event_triggers(seal_triggers))
        changed = changed || (state.status != "unchanged" && state.status != "absent");
    if (changed)
        write_database_event("seal", "seal", described(*mode, name, everything, schemas));
    note_missing_schemas(schemas);
    return pg([&] { return PointerGetDatum(cstring_to_text(changed ? "changed" : "unchanged")); });
}

} // namespace turnstone::server
