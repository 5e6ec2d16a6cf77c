// Owns the facts of tables, views, materialized views, sequences, foreign tables and statistics objects. For
// plain tables, which are nearly all of a schema, plain_facts.cpp tells the same without a query; so it does
// for columns, constraints and indexes (facts_of_parts.cpp).
#include "turnstone/server/fact_kinds.hpp"
#include "turnstone/server/relation_parts.hpp"

namespace turnstone::server {

namespace {

// What a partition or a child has taken over from its parent is no fact of its own, but where it is not as
// its parent has it. By the names of such indexes, triggers and constraints: how they are.
const Properties clones{
    {"inherited indexes", R"(case when c.relispartition then
        (select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(own.relname), pg_catalog.concat_ws(', ',
                case when own.reltablespace <> above.reltablespace then coalesce('tablespace ' || (select t.spcname
                          from pg_catalog.pg_tablespace t where t.oid = own.reltablespace), 'default tablespace') end,
                case when own.reloptions is distinct from above.reloptions
                     then 'options ' || coalesce(pg_catalog.array_to_string(own.reloptions, ' '), 'none') end,
                case when not x.indisvalid then 'not valid' end,
                case when x.indisclustered then 'clustered' end,
                case when x.indisreplident then 'replica identity' end,
                'comment ' || pg_catalog.obj_description(own.oid, 'pg_class')))
           from pg_catalog.pg_index x join pg_catalog.pg_class own on own.oid = x.indexrelid and own.relispartition
           join pg_catalog.pg_inherits h on h.inhrelid = own.oid
           join pg_catalog.pg_class above on above.oid = h.inhparent
          where x.indrelid = c.oid
            and (own.reltablespace <> above.reltablespace or own.reloptions is distinct from above.reloptions
                 or not x.indisvalid or pg_catalog.obj_description(own.oid, 'pg_class') is not null)) end)"},
    {"inherited triggers", R"(case when c.relispartition then
        (select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(own.tgname), pg_catalog.concat_ws(', ',
                case when own.tgenabled <> above.tgenabled then case own.tgenabled when 'D' then 'disabled'
                     when 'R' then 'replica' when 'A' then 'always' else 'enabled' end end,
                'comment ' || pg_catalog.obj_description(own.oid, 'pg_trigger')))
           from pg_catalog.pg_trigger own join pg_catalog.pg_trigger above on above.oid = own.tgparentid
          where own.tgrelid = c.oid and not own.tgisinternal
            and (own.tgenabled <> above.tgenabled or pg_catalog.obj_description(own.oid, 'pg_trigger') is not null)) end)"},
    {"inherited constraints", R"(case when c.relispartition then
        (select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(own.conname), pg_catalog.concat_ws(', ',
                case when own.convalidated <> above.convalidated
                     then case when own.convalidated then 'valid' else 'not valid' end end,
                'comment ' || pg_catalog.obj_description(own.oid, 'pg_constraint')))
           from pg_catalog.pg_constraint own join pg_catalog.pg_constraint above on above.oid = own.conparentid
          where own.conrelid = c.oid
            and (own.convalidated <> above.convalidated or pg_catalog.obj_description(own.oid, 'pg_constraint') is not null)) end)"},
};

// By its name; which index it is.
Property chosen_index(const char *name, const std::string &index, const std::string &otherwise) {
    return {name,
            "coalesce((select 'index ' || pg_catalog.quote_ident(i.relname) from pg_catalog.pg_index n join "
            "pg_catalog.pg_class i on i.oid = n.indexrelid where n.indrelid = c.oid and " +
                index + "), " + otherwise + ")",
            "(select n.indexrelid::pg_catalog.text from pg_catalog.pg_index n where n.indrelid = c.oid and " +
                index + ")"};
}

const Properties ancestry{
    {"parents",
     R"((select pg_catalog.jsonb_agg(h.inhparent::pg_catalog.regclass::pg_catalog.text order by h.inhseqno)
           from pg_catalog.pg_inherits h where h.inhrelid = c.oid))",
     R"((select pg_catalog.string_agg(h.inhparent::pg_catalog.text, ' ' order by h.inhseqno)
           from pg_catalog.pg_inherits h where h.inhrelid = c.oid))"},
    tree_property("partition bound", "pg_catalog.pg_get_expr(c.relpartbound, c.oid)", "c.relpartbound"),
    flag("being detached", "exists (select from pg_catalog.pg_inherits h where h.inhrelid = c.oid and "
                           "h.inhdetachpending)"),
    {"partition key", "case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end",
     R"(case when c.relkind = 'p' then (select pg_catalog.concat_ws(' ', p.partstrat, p.partattrs, p.partclass, p.partcollation,
                                             coalesce(turnstone.meaning(p.partexprs),
                                                      pg_catalog.pg_get_expr(p.partexprs, p.partrelid)))
                   from pg_catalog.pg_partitioned_table p where p.partrelid = c.oid) end)"},
};

// The columns of a view are those of its definition. Those of which something else is told have facts of
// their own (view_columns() in facts_of_parts.cpp), their names too.
const Property definition{"definition",
                          "case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end",
                          std::string(R"(case when c.relkind in ('v', 'm') then (
                select pg_catalog.concat_ws(' ', turnstone.meaning('pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid),
                       (select pg_catalog.md5(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' order by a.attnum))
                          from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                           and not ()") +
                              view_column_is_told + R"()))
                  from pg_catalog.pg_rewrite w where w.ev_class = c.oid and w.rulename = '_RETURN') end)"};

Properties relation_properties() {
    Properties all{
        owner("c.relowner"),
        privileges("c.relacl", "(case c.relkind when 'S' then 's' else 'r' end)::pg_catalog.\"char\"",
                   "c.relowner"),
        {"column order",
         "case when c.relkind in ('r', 'p', 'f') then\n"
         "                (select pg_catalog.jsonb_agg(a.attname order by a.attnum) from "
         "pg_catalog.pg_attribute a\n"
         "                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) end"},
        definition,
        {"populated", "nullif(c.relispopulated, true)"},
        letter_property("persistence", "c.relpersistence", {{'u', "unlogged"}}),
        options_property("options", "c.reloptions"),
        options_property("toast options", "(select t.reloptions from pg_catalog.pg_class t where t.oid = "
                                          "c.reltoastrelid)"),
        {"access method", "(select m.amname from pg_catalog.pg_am m where m.oid = c.relam)"},
        named_property("tablespace", "pg_tablespace", "spcname", "c.reltablespace"),
        chosen_index("replica identity", "n.indisreplident and c.relreplident = 'i'",
                     "case when c.relkind in ('r', 'p', 'm') then case c.relreplident when 'f' then 'full' "
                     "when 'n' then 'nothing' when 'i' then 'missing index' end end"),
        chosen_index("clustered on", "n.indisclustered", "null"),
        flag("row security", "c.relrowsecurity"),
        flag("forced row security", "c.relforcerowsecurity"),
        type_property("of type", "c.reloftype"),
        {"server",
         "(select pg_catalog.quote_ident(f.srvname) from pg_catalog.pg_foreign_table l join "
         "pg_catalog.pg_foreign_server f on f.oid = l.ftserver where l.ftrelid = c.oid)",
         "(select l.ftserver::pg_catalog.text from pg_catalog.pg_foreign_table l where l.ftrelid = c.oid)"},
        options_property("foreign options",
                         "(select l.ftoptions from pg_catalog.pg_foreign_table l where l.ftrelid = c.oid)"),
    };
    for (const Properties &more : {ancestry, clones, sequence_properties("q"),
                                   Properties{{"owned by", R"(case when c.relkind = 'S' then
                (select (pg_catalog.pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity
                   from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                    and d.deptype = 'a' and d.refobjsubid > 0) end)",
                                               R"(case when c.relkind = 'S' then
                (select d.refobjid || '.' || d.refobjsubid from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                    and d.deptype = 'a' and d.refobjsubid > 0) end)"},
                                              needed_extensions("pg_class", "c.oid")},
                                   remarks("pg_class", "c.oid")}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

// A sequence of an identity column is a property of that column.
FactQuery relations() {
    return fact_query(
        PartKind{.kind = "relation",
                 .catalog = RelationRelationId,
                 .root_type = "r.object_type",
                 .root_identity = "r.identity",
                 .root = "c.oid",
                 .type = "null",
                 .name = "null",
                 .number = "null::pg_catalog.int8",
                 .from = "user_relation r join pg_catalog.pg_class c on c.oid = r.oid\n"
                         "      left join pg_catalog.pg_sequence q on c.relkind = 'S' and q.seqrelid = c.oid",
                 .where = R"(r.object_type is not null
       and not (c.relkind = 'S' and exists (
                select from pg_catalog.pg_depend d
                 where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                   and d.deptype = 'i')))",
                 .own_name = "c.relnamespace || '.' || c.relname",
                 .properties = relation_properties(),
                 .part = "c.oid::pg_catalog.int8"});
}

FactQuery statistics_objects() {
    Properties properties{
        {"definition", "pg_catalog.pg_get_statisticsobjdef(x.oid)",
         "turnstone.meaning('pg_catalog.pg_statistic_ext'::pg_catalog.regclass, x.oid)"},
        {"statistics", "nullif(x.stxstattarget, -1)"},
        owner("x.stxowner"),
    };
    for (Property &remark : remarks("pg_statistic_ext", "x.oid"))
        properties.push_back(std::move(remark));
    return fact_query(RootKind{.kind = "statistics object",
                               .catalog = StatisticExtRelationId,
                               .table = "pg_statistic_ext",
                               .from = "join user_schema s on s.oid = x.stxnamespace",
                               .own_name = "x.stxnamespace || '.' || x.stxname",
                               .properties = std::move(properties),
                               .needed = StatisticExtRelationId});
}

} // namespace

// What is not usual of a sequence, be it one by itself or that of an identity column. q is its row.
Properties sequence_properties(const std::string &q) {
    return {
        {"type",
         "case when " + q + ".seqtypid <> 20 then pg_catalog.format_type(" + q + ".seqtypid, null) end"},
        {"start", "nullif(" + q + ".seqstart, 1)"},
        {"increment", "nullif(" + q + ".seqincrement, 1)"},
        {"minimum", "nullif(" + q + ".seqmin, 1)"},
        {"maximum", "nullif(" + q + ".seqmax, case " + q +
                        ".seqtypid when 21 then 32767 when 23 then 2147483647 else 9223372036854775807 end)"},
        {"cache", "nullif(" + q + ".seqcache, 1)"},
        flag("cycle", q + ".seqcycle"),
    };
}

std::span<FactQuery> facts_of_relations() {
    static std::vector<FactQuery> queries = [] {
        std::vector<FactQuery> all{relations(), statistics_objects()};
        for (FactQuery &part : facts_of_relation_parts())
            all.push_back(std::move(part));
        return all;
    }();
    return queries;
}

FactQuery &relations_query() {
    return facts_of_relations()[0];
}

FactQuery &columns_query() {
    return facts_of_relations()[2];
}

FactQuery &constraints_query() {
    return facts_of_relations()[3];
}

FactQuery &indexes_query() {
    return facts_of_relations()[4];
}

} // namespace turnstone::server
