// Owns the facts of extensions, with what is not as they brought it along, and of event triggers.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

RootKind extension() {
    Properties properties{
        {"version", "x.extversion"},
        named_property("schema", "pg_namespace", "nspname", "x.extnamespace"),
        owner("x.extowner"),
        {"configuration tables",
         "(select pg_catalog.jsonb_object_agg(t.oid::pg_catalog.regclass::pg_catalog.text, t.condition)\n"
         "           from rows from (pg_catalog.unnest(x.extconfig), pg_catalog.unnest(x.extcondition)) "
         "as t(oid, condition))",
         "case when x.extconfig is not null then pg_catalog.md5(pg_catalog.concat(x.extconfig, "
         "x.extcondition)) end"},
    };
    for (Property &remark : remarks("pg_extension", "x.oid"))
        properties.push_back(std::move(remark));
    return {.kind = "extension",
            .catalog = ExtensionRelationId,
            .table = "pg_extension",
            .where = "x.extname <> 'turnstone'",
            .properties = std::move(properties)};
}

// Every member's owner and privileges; those of a relation or a function decide what its definition is.
constexpr const char *member_rows = R"(
    left join lateral (
        select p.proowner, p.proacl, 'f'::pg_catalog."char", null::pg_catalog."char" from pg_catalog.pg_proc p
         where p.oid = x.objid and x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        union all
        select c.relowner, c.relacl, case c.relkind when 'S' then 's' else 'r' end::pg_catalog."char", c.relkind
          from pg_catalog.pg_class c
         where c.oid = x.objid and x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        union all
        select t.typowner, t.typacl, 'T', null from pg_catalog.pg_type t
         where t.oid = x.objid and x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
        union all
        select n.nspowner, n.nspacl, 'n', null from pg_catalog.pg_namespace n
         where n.oid = x.objid and x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
        union all
        select l.lanowner, l.lanacl, 'l', null from pg_catalog.pg_language l
         where l.oid = x.objid and x.classid = 'pg_catalog.pg_language'::pg_catalog.regclass
        union all
        select w.fdwowner, w.fdwacl, 'F', null from pg_catalog.pg_foreign_data_wrapper w
         where w.oid = x.objid and x.classid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass
        union all
        select f.srvowner, f.srvacl, 'S', null from pg_catalog.pg_foreign_server f
         where f.oid = x.objid and x.classid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass
        union all
        select b.oprowner, null, null, null from pg_catalog.pg_operator b
         where b.oid = x.objid and x.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass
    ) m(owner, acl, acl_kind, relkind) on true
    left join pg_catalog.pg_init_privs i on i.objoid = x.objid and i.classoid = x.classid and i.objsubid = 0)";

// What the text of a relation is made of, and the same by what the server has stored.
constexpr const char *relation_text =
    R"((select pg_catalog.md5(pg_catalog.concat_ws(e'\n', c.relpersistence, c.relrowsecurity,
        c.relforcerowsecurity, c.relreplident, c.reloptions, case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end,
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
                       a.attstorage, a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(e.adbin, e.adrelid)), ', ' order by a.attnum)
           from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'c')),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), ', ' order by k.conname)
           from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'),
        (select pg_catalog.string_agg(pg_catalog.pg_get_indexdef(n.indexrelid), ', ' order by i.relname)
           from pg_catalog.pg_index n join pg_catalog.pg_class i on i.oid = n.indexrelid where n.indrelid = c.oid),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', g.tgenabled, pg_catalog.pg_get_triggerdef(g.oid)), ', ' order by g.tgname)
           from pg_catalog.pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', w.ev_enabled, pg_catalog.pg_get_ruledef(w.oid)), ', ' order by w.rulename)
           from pg_catalog.pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN'),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', y.polname, y.polcmd, y.polpermissive,
                       (select pg_catalog.string_agg(pg_catalog.pg_get_userbyid(role), ', ' order by pg_catalog.pg_get_userbyid(role))
                          from pg_catalog.unnest(y.polroles) role where role <> 0),
                       'using', pg_catalog.pg_get_expr(y.polqual, y.polrelid),
                       'check', pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid)), ', ' order by y.polname)
           from pg_catalog.pg_policy y where y.polrelid = c.oid),
        (select pg_catalog.concat_ws(' ', q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle)
           from pg_catalog.pg_sequence q where q.seqrelid = c.oid)))
    from pg_catalog.pg_class c where c.oid = x.objid))";

constexpr const char *relation_meaning =
    R"((select pg_catalog.md5(pg_catalog.concat_ws(e'\n', c.relpersistence, c.relrowsecurity,
        c.relforcerowsecurity, c.relreplident, c.reloptions,
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname, a.atttypid, a.atttypmod, a.attnotnull,
                       a.attstorage, a.attidentity, a.attgenerated, coalesce(turnstone.meaning(e.adbin), pg_catalog.pg_get_expr(e.adbin, e.adrelid))), ', ' order by a.attnum)
           from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname,
                       turnstone.meaning('pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid)), ', ' order by k.conname)
           from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'),
        (select pg_catalog.string_agg(turnstone.meaning('pg_catalog.pg_class'::pg_catalog.regclass, n.indexrelid), ', ' order by i.relname)
           from pg_catalog.pg_index n join pg_catalog.pg_class i on i.oid = n.indexrelid where n.indrelid = c.oid),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', g.tgenabled,
                       turnstone.meaning('pg_catalog.pg_trigger'::pg_catalog.regclass, g.oid)), ', ' order by g.tgname)
           from pg_catalog.pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', w.ev_enabled,
                       turnstone.meaning('pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid)), ', ' order by w.rulename)
           from pg_catalog.pg_rewrite w where w.ev_class = c.oid),
        (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', y.polname, y.polcmd, y.polpermissive, y.polroles,
                       'using', coalesce(turnstone.meaning(y.polqual), pg_catalog.pg_get_expr(y.polqual, y.polrelid)),
                       'check', coalesce(turnstone.meaning(y.polwithcheck), pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid))), ', ' order by y.polname)
           from pg_catalog.pg_policy y where y.polrelid = c.oid),
        (select pg_catalog.concat_ws(' ', q.seqtypid, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle)
           from pg_catalog.pg_sequence q where q.seqrelid = c.oid)))
    from pg_catalog.pg_class c where c.oid = x.objid))";

std::string of_classes(const std::string &of_relation, const std::string &of_function,
                       const std::string &of_type) {
    return "case x.classid when 'pg_catalog.pg_class'::pg_catalog.regclass then " + of_relation +
           "\n    when 'pg_catalog.pg_proc'::pg_catalog.regclass then (select " + of_function +
           " from pg_catalog.pg_proc p where p.oid = x.objid and p.prokind <> 'a')"
           "\n    when 'pg_catalog.pg_type'::pg_catalog.regclass then (select " +
           of_type + " from pg_catalog.pg_type t where t.oid = x.objid and t.typtype in ('d', 'e')) end";
}

// Of members, only what they were not created with shows: other privileges, another owner, or a definition
// that is no more what it was, which is kept as its hash.
PartKind member() {
    const std::string domain_or_enum =
        "pg_catalog.md5(pg_catalog.concat_ws(' ', {}, t.typnotnull, (select pg_catalog.string_agg({}, ', ' "
        "order by "
        "k.conname) from pg_catalog.pg_constraint k where k.contypid = t.oid), (select "
        "pg_catalog.string_agg(l.enumlabel, ', ' order by l.enumsortorder) from pg_catalog.pg_enum l where "
        "l.enumtypid = t.oid)))";
    const auto type_of = [&](const std::string &base, const std::string &constraint) {
        std::string text = domain_or_enum;
        text.replace(text.find("{}"), 2, base);
        text.replace(text.find("{}"), 2, constraint);
        return text;
    };
    Properties properties{
        {"owner", "case when m.owner <> e.extowner then pg_catalog.pg_get_userbyid(m.owner) end"},
        {"privileges",
         R"(case when m.acl is not null or i.initprivs is not null then turnstone.privileges(
             coalesce(m.acl, pg_catalog.acldefault(m.acl_kind, m.owner)),
             coalesce(i.initprivs, pg_catalog.acldefault(m.acl_kind, m.owner))) end)"},
        {"column privileges",
         R"((select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(c.attname), c.privileges::pg_catalog.text)
             from (select a.attname, turnstone.privileges(a.attacl, coalesce(
                          (select ia.initprivs from pg_catalog.pg_init_privs ia where ia.objoid = a.attrelid
                              and ia.classoid = x.classid and ia.objsubid = a.attnum), '{}'::pg_catalog.aclitem[])) as privileges
                     from pg_catalog.pg_attribute a
                    where a.attrelid = x.objid and m.relkind is not null and a.attacl is not null) c
            where c.privileges is not null))"},
        {"definition",
         of_classes(relation_text, "pg_catalog.md5(pg_catalog.pg_get_functiondef(p.oid))",
                    type_of("pg_catalog.format_type(t.typbasetype, t.typtypmod), "
                            "pg_catalog.pg_get_expr(t.typdefaultbin, 0)",
                            "pg_catalog.pg_get_constraintdef(k.oid)")),
         of_classes(relation_meaning, "turnstone.meaning(x.classid, p.oid)",
                    type_of("t.typbasetype, t.typtypmod, coalesce(turnstone.meaning(t.typdefaultbin), "
                            "pg_catalog.pg_get_expr(t.typdefaultbin, 0))",
                            "turnstone.meaning('pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid)"))},
    };
    return {.kind = "extension member",
            .catalog = ExtensionRelationId,
            .root_type = "'extension'",
            .root_identity = "pg_catalog.quote_ident(e.extname)",
            .root = "e.oid",
            .type = "'extension member'",
            .name = "o.type || ' ' || o.identity",
            .number = "x.objid::pg_catalog.int8",
            .from = std::string(
                        "pg_catalog.pg_extension e join pg_catalog.pg_depend x on x.refobjid = e.oid and "
                        "x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and x.deptype = 'e' "
                        "cross join lateral pg_catalog.pg_identify_object(x.classid, x.objid, 0) o") +
                    member_rows,
            // Types that come along with another object are members of their own since 16.
            .where = R"(e.extname <> 'turnstone'
       and not (x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                and exists (select from pg_catalog.pg_type own
                              left join pg_catalog.pg_class of on of.oid = own.typrelid
                             where own.oid = x.objid
                               and (of.relkind <> 'c' or exists (select from pg_catalog.pg_type element
                                                                  where element.typarray = own.oid)))))",
            // without the schema: that is a property of the extension
            .own_name = "pg_catalog.concat_ws('.', x.classid, o.name, case when x.classid = "
                        "'pg_catalog.pg_proc'::pg_catalog.regclass then (select pg_catalog.concat_ws(' ', "
                        "p.proname, p.proargtypes) "
                        "from pg_catalog.pg_proc p where p.oid = x.objid) end)",
            .properties = std::move(properties)};
}

RootKind event_trigger() {
    Properties properties{
        {"event", "x.evtevent"},
        routine_property("function", "x.evtfoid"),
        letter_property("enabled", "x.evtenabled", {{'D', "disabled"}, {'R', "replica"}, {'A', "always"}}),
        {"tags", "(select pg_catalog.string_agg(t, ', ' order by t) from pg_catalog.unnest(x.evttags) t)"},
        owner("x.evtowner"),
    };
    for (Property &remark : remarks("pg_event_trigger", "x.oid"))
        properties.push_back(std::move(remark));
    return {
        .kind = "event trigger",
        .catalog = EventTriggerRelationId,
        .table = "pg_event_trigger",
        .where =
            R"(not exists (select from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
                        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = x.evtfoid
                          and d.deptype = 'e' and e.extname = 'turnstone'))",
        .properties = std::move(properties),
        .needed = EventTriggerRelationId};
}

} // namespace

std::span<FactQuery> facts_of_extensions() {
    static FactQuery queries[] = {fact_query(extension()), fact_query(member()), fact_query(event_trigger())};
    return queries;
}

} // namespace turnstone::server
