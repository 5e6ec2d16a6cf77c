// Owns turnstone.privileges(): an access control list as JSON, role by role, as far as it is not the usual
// one.
#include <algorithm>

#include "turnstone/server/array.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"

namespace turnstone::server {

namespace {

// In the order of their names. aclexplode() knows the same (convert_aclright_to_string of acl.c).
struct Privilege {
    AclMode bit;
    const char *name;
};
constexpr Privilege privileges[] = {
    {ACL_ALTER_SYSTEM, "alter system"},
    {ACL_CONNECT, "connect"},
    {ACL_CREATE, "create"},
    {ACL_DELETE, "delete"},
    {ACL_EXECUTE, "execute"},
    {ACL_INSERT, "insert"},
    {compat::acl_maintain, "maintain"},
    {ACL_REFERENCES, "references"},
    {ACL_SELECT, "select"},
    {ACL_SET, "set"},
    {ACL_CREATE_TEMP, "temporary"},
    {ACL_TRIGGER, "trigger"},
    {ACL_TRUNCATE, "truncate"},
    {ACL_UPDATE, "update"},
    {ACL_USAGE, "usage"},
};

// What a role may do, whoever granted it.
struct Granted {
    Oid role;
    AclMode actual;
    AclMode usual;
};

Granted &of_role(Array<Granted> &all, Oid role) {
    for (Granted &one : all) {
        if (one.role == role)
            return one;
    }
    all.push({role, 0, 0});
    return all.items[all.size - 1];
}

// Without those that name no privilege, as an empty list has them.
void add(Array<Granted> &all, const Acl *list, AclMode Granted::*side) {
    const AclItem *items = ACL_DAT(list);
    for (int i = 0; i < ACL_NUM(list); ++i) {
        if (items[i].ai_privs != ACL_NO_RIGHTS)
            of_role(all, items[i].ai_grantee).*side |= items[i].ai_privs;
    }
}

Acl *list_in(FunctionCallInfo fcinfo, int number) {
    Acl *list = fcinfo->args[number].isnull ? nullptr : DatumGetAclP(fcinfo->args[number].value);
    return list == nullptr || ARR_NDIM(list) == 0 ? nullptr : list;
}

// A grant option counts only with its privilege, as in aclexplode().
char *names_of(AclMode rights) {
    StringInfoData text;
    initStringInfo(&text);
    for (const Privilege &privilege : privileges) {
        if ((rights & privilege.bit) == 0)
            continue;
        appendStringInfo(&text, "%s%s%s", text.len > 0 ? ", " : "", privilege.name,
                         (rights & ACL_GRANT_OPTION_FOR(privilege.bit)) != 0 ? "*" : "");
    }
    return text.data;
}

// A leaf.
Datum described(FunctionCallInfo fcinfo) {
    Array<Granted> all{};
    if (const Acl *list = list_in(fcinfo, 0); list != nullptr)
        add(all, list, &Granted::actual);
    if (const Acl *list = list_in(fcinfo, 1); list != nullptr)
        add(all, list, &Granted::usual);
    StringInfoData json;
    initStringInfo(&json);
    for (const Granted &one : all) {
        const char *actual = names_of(one.actual);
        if (strcmp(actual, names_of(one.usual)) == 0)
            continue;
        const char *role = "public";
        if (one.role != ACL_ID_PUBLIC) {
            const char *name = GetUserNameFromId(one.role, true);
            role = quote_identifier(name != nullptr ? name : psprintf("unknown (OID=%u)", one.role));
        }
        appendStringInfoChar(&json, json.len == 0 ? '{' : ',');
        escape_json(&json, role);
        appendStringInfoChar(&json, ':');
        escape_json(&json, *actual != '\0' ? actual : "none");
    }
    fcinfo->isnull = json.len == 0;
    if (fcinfo->isnull)
        return 0;
    appendStringInfoChar(&json, '}');
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

} // namespace

Datum describe_privileges(FunctionCallInfo fcinfo) {
    return pg([&] { return described(fcinfo); });
}

} // namespace turnstone::server
