// Owns the reading of what a statement has touched: pg_event_trigger_ddl_commands(), and what stands behind
// it of GRANT and of the parts of ALTER TABLE; pg_event_trigger_dropped_objects().
#include "turnstone/server/ddl_objects.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>

#include "turnstone/server/raii.hpp"

namespace turnstone::server {

namespace {

constexpr const char *temporary_schema = "pg_temp";

struct FlatObject {
    ObjectAddress address;
    const char *type;
    const char *identity;
    const char *schema;        // null for none
    const char *former_schema; // null for none
    bool dropped;
    bool temporary;
    bool in_its_own_right;
    FlatObject *next;
};

// A list that grows at its end, in the current memory context.
struct FlatObjects {
    FlatObject *first = nullptr;
    FlatObject *last = nullptr;

    void push(const FlatObject &object) {
        auto *copy = static_cast<FlatObject *>(palloc(sizeof(FlatObject)));
        *copy = object;
        copy->next = nullptr;
        (last == nullptr ? first : last->next) = copy;
        last = copy;
    }
};

// The rows of a set-returning function without arguments, called as a query would. In a leaf.
struct FunctionRows {
    Tuplestorestate *store;
    TupleTableSlot *slot;
};

FunctionRows call_function(Oid function) {
    LOCAL_FCINFO(call, 0);
    FmgrInfo info;
    ReturnSetInfo result{};
    result.type = T_ReturnSetInfo;
    result.econtext = CreateStandaloneExprContext();
    result.allowedModes = SFRM_Materialize;
    fmgr_info(function, &info);
    InitFunctionCallInfoData(*call, &info, 0, InvalidOid, nullptr, reinterpret_cast<Node *>(&result));
    (void)FunctionCallInvoke(call);
    return {result.setResult, MakeSingleTupleTableSlot(result.setDesc, &TTSOpsMinimalTuple)};
}

bool next_row(const FunctionRows &rows) {
    return tuplestore_gettupleslot(rows.store, true, true, rows.slot);
}

// Columns are counted from 1. Null for NULL.
const char *text_of(const FunctionRows &rows, int column) {
    bool is_null = false;
    const Datum value = slot_getattr(rows.slot, column, &is_null);
    return is_null ? nullptr : TextDatumGetCString(value);
}

Datum value_of(const FunctionRows &rows, int column) {
    bool is_null = false;
    const Datum value = slot_getattr(rows.slot, column, &is_null);
    return is_null ? static_cast<Datum>(0) : value;
}

// These have no schema of their own: they are in that of their table.
bool is_in_schema_of_relation(Oid catalog) {
    return catalog == TriggerRelationId || catalog == RewriteRelationId || catalog == PolicyRelationId ||
           catalog == AttrDefaultRelationId;
}

const char *schema_of(const ObjectAddress &address) {
    if (address.classId == NamespaceRelationId)
        return get_namespace_name(address.objectId);
    if (is_in_schema_of_relation(address.classId)) {
        List *names = NIL;
        List *arguments = NIL;
        if (getObjectIdentityParts(&address, &names, &arguments, true) == nullptr || names == NIL)
            return nullptr;
        return static_cast<const char *>(linitial(names));
    }
    if (!is_objectclass_supported(address.classId) ||
        get_object_attnum_namespace(address.classId) == InvalidAttrNumber)
        return nullptr;
    const Oid schema = get_object_namespace(&address);
    return OidIsValid(schema) ? get_namespace_name_or_temp(schema) : nullptr;
}

// Not one that is gone meanwhile.
void push_live(FlatObjects &objects, const ObjectAddress &address, const char *schema,
               const char *former_schema) {
    if (address.classId == RelationRelationId && address.objectSubId > 0) {
        HeapTuple column =
            SearchSysCacheAttNum(address.objectId, static_cast<AttrNumber>(address.objectSubId));
        if (!HeapTupleIsValid(column)) // or dropped
            return;
        ReleaseSysCache(column);
    }
    const char *identity = getObjectIdentity(&address, true);
    if (identity == nullptr)
        return;
    const char *type = getObjectTypeDescription(&address, true);
    objects.push({address, type, identity, schema, former_schema, false,
                  schema != nullptr && strcmp(schema, temporary_schema) == 0, true, nullptr});
}

Oid catalog_of_granted(ObjectType type) {
    switch (type) {
    case OBJECT_TABLE:
    case OBJECT_COLUMN:
    case OBJECT_SEQUENCE:
        return RelationRelationId;
    case OBJECT_DOMAIN:
    case OBJECT_TYPE:
        return TypeRelationId;
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_ROUTINE:
        return ProcedureRelationId;
    case OBJECT_SCHEMA:
        return NamespaceRelationId;
    case OBJECT_LANGUAGE:
        return LanguageRelationId;
    case OBJECT_FDW:
        return ForeignDataWrapperRelationId;
    case OBJECT_FOREIGN_SERVER:
        return ForeignServerRelationId;
    case OBJECT_LARGEOBJECT:
        return LargeObjectRelationId;
    default:
        return InvalidOid; // of the whole cluster: event triggers do not fire
    }
}

void push_granted(FlatObjects &objects, const InternalGrant *grant) {
    const Oid catalog = catalog_of_granted(grant->objtype);
    if (!OidIsValid(catalog))
        return;
    ListCell *cell = nullptr;
    foreach (cell, grant->objects) {
        const ObjectAddress address{catalog, lfirst_oid(cell), 0};
        const char *schema = schema_of(address);
        push_live(objects, address, schema, nullptr);
        ListCell *privilege = nullptr;
        foreach (privilege, grant->col_privs) {
            ListCell *name = nullptr;
            foreach (name, static_cast<AccessPriv *>(lfirst(privilege))->cols) {
                const AttrNumber column =
                    get_attnum(address.objectId, strVal(static_cast<Node *>(lfirst(name))));
                if (column != InvalidAttrNumber)
                    push_live(objects, {catalog, address.objectId, column}, schema, nullptr);
            }
        }
    }
}

char kind_of_default_privileges(ObjectType type) {
    switch (type) {
    case OBJECT_TABLE:
        return DEFACLOBJ_RELATION;
    case OBJECT_SEQUENCE:
        return DEFACLOBJ_SEQUENCE;
    case OBJECT_FUNCTION:
        return DEFACLOBJ_FUNCTION;
    case OBJECT_TYPE:
        return DEFACLOBJ_TYPE;
    case OBJECT_SCHEMA:
        return DEFACLOBJ_NAMESPACE;
    default:
        return compat::kind_of_newer_default_privileges(type);
    }
}

const List *option_of(const List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        const auto *option = static_cast<const DefElem *>(lfirst(cell));
        if (strcmp(option->defname, name) == 0)
            return reinterpret_cast<const List *>(option->arg);
    }
    return NIL;
}

void push_default_privileges(FlatObjects &objects, Oid role, const char *schema, char kind) {
    const Oid schema_oid = schema == nullptr ? InvalidOid : get_namespace_oid(schema, true);
    const Oid entry = GetSysCacheOid3(DEFACLROLENSPOBJ, Anum_pg_default_acl_oid, ObjectIdGetDatum(role),
                                      ObjectIdGetDatum(schema_oid), CharGetDatum(kind));
    if (OidIsValid(entry)) // gone where the privileges are the usual ones again
        push_live(objects, {DefaultAclRelationId, entry, 0}, schema, nullptr);
}

void push_default_privileges(FlatObjects &objects, const AlterDefaultPrivilegesStmt *statement) {
    const char kind = kind_of_default_privileges(statement->action->objtype);
    const List *roles = option_of(statement->options, "roles");
    const List *schemas = option_of(statement->options, "schemas");
    const int role_count = std::max(1, list_length(roles));
    const int schema_count = std::max(1, list_length(schemas));
    for (int i = 0; i < role_count; ++i) {
        const Oid role = roles == NIL
                             ? GetUserId()
                             : get_rolespec_oid(static_cast<const RoleSpec *>(list_nth(roles, i)), true);
        for (int j = 0; j < schema_count; ++j)
            push_default_privileges(
                objects, role, schemas == NIL ? nullptr : strVal(static_cast<Node *>(list_nth(schemas, j))),
                kind);
    }
}

// The schema that the object was in, or the name that the schema had.
const char *former_schema_of(const CollectedCommand *command, const Node *statement) {
    if (command->type != SCT_Simple)
        return nullptr;
    const ObjectAddress &second = command->d.simple.secondaryObject;
    if (IsA(statement, AlterObjectSchemaStmt) && second.classId == NamespaceRelationId)
        return get_namespace_name_or_temp(second.objectId);
    if (IsA(statement, RenameStmt) && command->d.simple.address.classId == NamespaceRelationId)
        return reinterpret_cast<const RenameStmt *>(statement)->subname;
    return nullptr;
}

void push_parts(FlatObjects &objects, const CollectedCommand *command, const char *schema) {
    ListCell *cell = nullptr;
    foreach (cell, command->d.alterTable.subcmds) {
        const ObjectAddress &part = static_cast<const CollectedATSubcmd *>(lfirst(cell))->address;
        const bool is_part = OidIsValid(part.objectId) &&
                             (part.objectSubId != 0 || part.classId != command->d.alterTable.classId ||
                              part.objectId != command->d.alterTable.objectId);
        if (is_part)
            push_live(objects, part, schema, nullptr);
    }
}

FlatObject *read_commands(const Node *statement) {
    FlatObjects objects;
    const FunctionRows rows = call_function(F_PG_EVENT_TRIGGER_DDL_COMMANDS);
    while (next_row(rows)) {
        if (DatumGetBool(value_of(rows, 8))) // in_extension
            continue;
        const auto *command = reinterpret_cast<const CollectedCommand *>(DatumGetPointer(value_of(rows, 9)));
        if (command->type == SCT_Grant) {
            push_granted(objects, command->d.grant.istmt);
            continue;
        }
        if (command->type == SCT_AlterDefaultPrivileges) {
            push_default_privileges(objects,
                                    reinterpret_cast<const AlterDefaultPrivilegesStmt *>(command->parsetree));
            continue;
        }
        const ObjectAddress address{DatumGetObjectId(value_of(rows, 1)), DatumGetObjectId(value_of(rows, 2)),
                                    DatumGetInt32(value_of(rows, 3))};
        const char *schema = text_of(rows, 6);
        if (schema == nullptr)
            schema = schema_of(address);
        objects.push({address, text_of(rows, 5), text_of(rows, 7), schema,
                      former_schema_of(command, statement), false,
                      schema != nullptr && strcmp(schema, temporary_schema) == 0, true, nullptr});
        if (command->type == SCT_AlterTable)
            push_parts(objects, command, schema);
    }
    return objects.first;
}

// The first of the names that lead to an object; null for none.
const char *first_name(const FunctionRows &rows, int column) {
    bool is_null = false;
    const Datum value = slot_getattr(rows.slot, column, &is_null);
    if (is_null)
        return nullptr;
    Datum *names = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
    return count == 0 || nulls[0] ? nullptr : TextDatumGetCString(names[0]);
}

// What goes with a table without a word, and can come back with nothing else.
bool is_silent_part(const FlatObject &object) {
    const Oid catalog = object.address.classId;
    if (strncmp(object.type, "toast", 5) == 0 ||
        (object.schema != nullptr && strcmp(object.schema, "pg_toast") == 0))
        return true;
    if (object.in_its_own_right)
        return false;
    return catalog == TypeRelationId || catalog == ConstraintRelationId ||
           is_in_schema_of_relation(catalog) || strcmp(object.type, "index") == 0 ||
           object.address.objectSubId != 0;
}

FlatObject *read_dropped() {
    FlatObjects objects;
    const FunctionRows rows = call_function(F_PG_EVENT_TRIGGER_DROPPED_OBJECTS);
    while (next_row(rows)) {
        FlatObject object{};
        object.address = {DatumGetObjectId(value_of(rows, 1)), DatumGetObjectId(value_of(rows, 2)),
                          DatumGetInt32(value_of(rows, 3))};
        object.in_its_own_right = DatumGetBool(value_of(rows, 4)) || DatumGetBool(value_of(rows, 5));
        object.type = text_of(rows, 7);
        object.schema = text_of(rows, 8);
        object.identity = text_of(rows, 10);
        object.dropped = true;
        const Oid catalog = object.address.classId;
        if (object.schema == nullptr && (catalog == NamespaceRelationId || is_in_schema_of_relation(catalog)))
            object.schema = first_name(rows, 11);
        object.temporary = DatumGetBool(value_of(rows, 6)) ||
                           (object.schema != nullptr && strcmp(object.schema, temporary_schema) == 0);
        if (object.type != nullptr && object.identity != nullptr && !is_silent_part(object))
            objects.push(object);
    }
    return objects.first;
}

std::string text(const char *value) {
    return value == nullptr ? std::string{} : std::string(value);
}

// The first of those that tell of one object.
std::vector<TouchedObject> listed(const FlatObject *first) {
    std::vector<TouchedObject> objects;
    for (const FlatObject *flat = first; flat != nullptr; flat = flat->next)
        objects.push_back({flat->address.classId, flat->address.objectId, flat->address.objectSubId,
                           text(flat->type), text(flat->identity), text(flat->schema),
                           text(flat->former_schema), flat->dropped, flat->temporary,
                           flat->in_its_own_right});
    const auto key = [](const TouchedObject &object) {
        return std::tuple(object.catalog, object.object, object.subid);
    };
    std::vector<TouchedObject> unique;
    std::set<std::tuple<Oid, Oid, int>> seen;
    for (TouchedObject &object : objects) {
        if (seen.insert(key(object)).second)
            unique.push_back(std::move(object));
    }
    return unique;
}

} // namespace

std::vector<TouchedObject> objects_of_commands(const Node *statement) {
    const MemoryScope memory;
    return listed(pg([&] { return read_commands(statement); }));
}

std::vector<TouchedObject> dropped_objects() {
    const MemoryScope memory;
    return listed(pg([] { return read_dropped(); }));
}

} // namespace turnstone::server
