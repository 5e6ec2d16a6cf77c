// Every condition on the server's version. Included by pg.hpp, behind PostgreSQL's own headers.
#pragma once

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 200000
#error "turnstone supports PostgreSQL 15 to 19"
#endif

namespace turnstone::server::compat {

// PortalRun lost its run_once argument in 18.
inline bool run_portal(Portal portal, bool is_top_level, DestReceiver *destination,
                       QueryCompletion *completion) {
#if PG_VERSION_NUM >= 180000
    return PortalRun(portal, FETCH_ALL, is_top_level, destination, destination, completion);
#else
    return PortalRun(portal, FETCH_ALL, is_top_level, true, destination, destination, completion);
#endif
}

// What VACUUM, ANALYZE, TRUNCATE, CREATE INDEX and rewrites of a table write into a row of pg_class in
// passing.
inline void clear_passing_state(Form_pg_class row) {
    row->relfilenode = InvalidOid;
    row->reltoastrelid = InvalidOid;
    row->relpages = 0;
    row->reltuples = 0;
    row->relallvisible = 0;
#if PG_VERSION_NUM >= 180000
    row->relallfrozen = 0;
#endif
    row->relhasindex = row->relhasrules = row->relhastriggers = row->relhassubclass = false;
    row->relfrozenxid = InvalidTransactionId;
    row->relminmxid = 0;
}

// What VACUUM and others write into the row of pg_database.
inline void clear_passing_state_of_database(Datum *values, bool *nulls) {
    values[Anum_pg_database_datfrozenxid - 1] = TransactionIdGetDatum(InvalidTransactionId);
    values[Anum_pg_database_datminmxid - 1] = MultiXactIdGetDatum(InvalidMultiXactId);
    nulls[Anum_pg_database_datcollversion - 1] = true;
#if PG_VERSION_NUM >= 170000
    values[Anum_pg_database_dathasloginevt - 1] = BoolGetDatum(false);
#endif
}

// The privilege to maintain came with 17; 0 where there is none.
#if PG_VERSION_NUM >= 170000
inline constexpr AclMode acl_maintain = ACL_MAINTAIN;
#else
inline constexpr AclMode acl_maintain = 0;
#endif

// The file that a relation's rows are in at present.
inline Oid file_of(Relation relation) {
#if PG_VERSION_NUM >= 160000
    return relation->rd_locator.relNumber;
#else
    return relation->rd_node.relNode;
#endif
}

// The page that a record of the write-ahead log names as its block of that number.
struct WrittenPage {
    Oid database;
    Oid file;
    ForkNumber fork;
};
inline WrittenPage written_page(XLogReaderState *record, int block) {
    BlockNumber number = 0;
    WrittenPage page{};
#if PG_VERSION_NUM >= 160000
    RelFileLocator locator;
    XLogRecGetBlockTag(record, static_cast<uint8>(block), &locator, &page.fork, &number);
    page.database = locator.dbOid;
    page.file = locator.relNumber;
#else
    RelFileNode node;
    XLogRecGetBlockTag(record, static_cast<uint8>(block), &node, &page.fork, &number);
    page.database = node.dbNode;
    page.file = node.relNode;
#endif
    return page;
}

// The statistics target of a column became nullable in 17.
inline bool has_statistics_target(HeapTuple attribute, [[maybe_unused]] TupleDesc descriptor) {
#if PG_VERSION_NUM >= 170000
    return !heap_attisnull(attribute, Anum_pg_attribute_attstattarget, descriptor);
#else
    return (reinterpret_cast<Form_pg_attribute>(GETSTRUCT(attribute)))->attstattarget != -1;
#endif
}

// ALTER COLUMN ... SET EXPRESSION came with 17.
inline bool sets_expression([[maybe_unused]] AlterTableType subcommand) {
#if PG_VERSION_NUM >= 170000
    return subcommand == AT_SetExpression;
#else
    return false;
#endif
}

// All settings of the server. get_guc_variables() gives their number since 16.
inline config_generic **settings_of_server(int *count) {
#if PG_VERSION_NUM >= 160000
    return get_guc_variables(count);
#else
    *count = GetNumConfigOptions();
    return get_guc_variables();
#endif
}

// Default privileges of large objects came with 18. 0 for a type that has none.
inline char kind_of_newer_default_privileges([[maybe_unused]] ObjectType type) {
#if PG_VERSION_NUM >= 180000
    if (type == OBJECT_LARGEOBJECT)
        return DEFACLOBJ_LARGEOBJECT;
#endif
    return '\0';
}

// LockHeldByMe got its third argument in 17.
inline bool holds_lock(const LOCKTAG &tag, LOCKMODE mode) {
#if PG_VERSION_NUM >= 170000
    return LockHeldByMe(&tag, mode, false);
#else
    return LockHeldByMe(&tag, mode);
#endif
}

// The right to insert into these columns. What is asked for stands beside the range table since 16.
inline void require_insert_rights(ParseState *parse, ParseNamespaceItem *item, Bitmapset *columns) {
#if PG_VERSION_NUM >= 160000
    item->p_perminfo->requiredPerms = ACL_INSERT;
    item->p_perminfo->insertedCols = columns;
    ExecCheckPermissions(parse->p_rtable, list_make1(item->p_perminfo), true);
#else
    item->p_rte->requiredPerms = ACL_INSERT;
    item->p_rte->insertedCols = columns;
    ExecCheckRTPerms(parse->p_rtable, true);
#endif
}

// Without standard_conforming_strings a backslash escapes in every literal. It is always on since 19.
inline bool strings_are_standard() {
#if PG_VERSION_NUM >= 190000
    return true;
#else
    return standard_conforming_strings;
#endif
}

// A scan of a text that is not to warn of backslashes. It never does since 19.
inline void silence_scanner([[maybe_unused]] core_yy_extra_type &scanner) {
#if PG_VERSION_NUM < 190000
    scanner.escape_string_warning = false;
#endif
}

// table_beginscan got flags in 19.
inline TableScanDesc begin_scan(Relation relation, Snapshot snapshot) {
#if PG_VERSION_NUM >= 190000
    return table_beginscan(relation, snapshot, 0, nullptr, SO_NONE);
#else
    return table_beginscan(relation, snapshot, 0, nullptr);
#endif
}

// Places in the range table of what a statement writes to; a set since 19.
inline List *written_relations(const PlannedStmt *statement) {
#if PG_VERSION_NUM >= 190000
    List *places = NIL;
    for (int place = bms_next_member(statement->resultRelationRelids, -1); place >= 0;
         place = bms_next_member(statement->resultRelationRelids, place))
        places = lappend_int(places, place);
    return places;
#else
    return statement->resultRelations;
#endif
}

// CLUSTER; since 19 REPACK, which took it over.
#if PG_VERSION_NUM >= 190000
inline constexpr NodeTag clustering = T_RepackStmt;
inline RangeVar *clustered_table(Node *statement) { // null for all of the database
    const VacuumRelation *relation = castNode(RepackStmt, statement)->relation;
    return relation == nullptr ? nullptr : relation->relation;
}
inline List *clustering_options(Node *statement) {
    return castNode(RepackStmt, statement)->params;
}
#else
inline constexpr NodeTag clustering = T_ClusterStmt;
inline RangeVar *clustered_table(Node *statement) {
    return castNode(ClusterStmt, statement)->relation;
}
inline List *clustering_options(Node *statement) {
    return castNode(ClusterStmt, statement)->params;
}
#endif

// ALTER SUBSCRIPTION ... REFRESH; of sequences, too, since 19.
inline bool is_refresh(AlterSubscriptionType kind) {
#if PG_VERSION_NUM >= 190000
    return kind == ALTER_SUBSCRIPTION_REFRESH_PUBLICATION || kind == ALTER_SUBSCRIPTION_REFRESH_SEQUENCES;
#else
    return kind == ALTER_SUBSCRIPTION_REFRESH;
#endif
}

// Extensions give their waits names since 17; before that all are "Extension".
inline uint32 new_wait_event([[maybe_unused]] const char *name) {
#if PG_VERSION_NUM >= 170000
    return WaitEventExtensionNew(name);
#else
    return PG_WAIT_EXTENSION;
#endif
}

} // namespace turnstone::server::compat

#if PG_VERSION_NUM >= 180000
#define TURNSTONE_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "turnstone", .version = TURNSTONE_VERSION)
#else
#define TURNSTONE_MODULE_MAGIC PG_MODULE_MAGIC
#endif
