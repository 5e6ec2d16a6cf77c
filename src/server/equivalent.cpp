// Owns the comparison of SQL texts by what the server's parser makes of them.
//
// A statement is parsed; the expressions in it are analysed, as they would be where the object were made, and
// replaced by the text that the server writes of the result. What is then equal as a tree (places in the text
// do not count there) says the same. Nothing is executed, no DDL, so nothing is locked but for reading.
// All but equivalent() is a leaf: nothing in it has a destructor.
#include "turnstone/server/equivalent.hpp"

#include <optional>
#include <string_view>

#include "turnstone/core/error.hpp"

#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// What kind of text a property is.
enum class Form {
    expression, // of a column of the relation
    generated,  // the same behind a word: "stored a + 1"
    constraint, // what stands behind ALTER TABLE ... ADD
    statement,  // CREATE INDEX, TRIGGER, RULE, STATISTICS: names its relation itself
    query,
    arguments, // of a function, with their defaults
    body,      // of a function: BEGIN ATOMIC ... END, RETURN ...
    partition_key,
};

struct PropertyForm {
    std::string_view type; // of the object or of the part; ends with * where it stands for all that end so
    std::string_view property;
    Form form;
};

constexpr PropertyForm forms[] = {
    {"* column", "default", Form::expression},
    {"* column", "generated", Form::generated},
    {"type", "default", Form::expression},
    {"policy", "using", Form::expression},
    {"policy", "check", Form::expression},
    {"publication relation", "row filter", Form::expression},
    {"table constraint", "definition", Form::constraint},
    {"domain constraint", "definition", Form::constraint},
    {"index", "definition", Form::statement},
    {"trigger", "definition", Form::statement},
    {"rule", "definition", Form::statement},
    {"statistics object", "definition", Form::statement},
    {"view", "definition", Form::query},
    {"materialized view", "definition", Form::query},
    {"function", "arguments", Form::arguments},
    {"procedure", "arguments", Form::arguments},
    {"function", "body", Form::body},
    {"procedure", "body", Form::body},
    {"table", "partition key", Form::partition_key},
};

std::optional<Form> form_of(const std::string &type, const std::string &property) {
    for (const PropertyForm &form : forms) {
        const bool fits = form.type.front() == '*' ? type.ends_with(form.type.substr(1)) : type == form.type;
        if (fits && property == form.property)
            return form.form;
    }
    return std::nullopt;
}

// Where the names in an expression come from: a list of FROM, empty for nowhere.
using Sources = List *;

Node *only_statement(const char *text) {
    List *statements = raw_parser(text, RAW_PARSE_DEFAULT);
    if (list_length(statements) != 1)
        ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR), errmsg("this is not one statement")));
    return linitial_node(RawStmt, statements)->stmt;
}

[[noreturn]] void not_understood() {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("this cannot be compared")));
    pg_unreachable();
}

template <class Wanted>
Wanted *statement_of_kind(const char *text, NodeTag tag) {
    Node *statement = only_statement(text);
    if (nodeTag(statement) != tag)
        not_understood();
    return reinterpret_cast<Wanted *>(statement);
}

Sources sources_in(const char *from) {
    return statement_of_kind<SelectStmt>(psprintf("SELECT FROM %s", from), T_SelectStmt)->fromClause;
}

RangeVar *called(const RangeVar *relation, const char *name) {
    auto *source = static_cast<RangeVar *>(copyObjectImpl(relation));
    source->alias = makeAlias(name, NIL);
    return source;
}

Sources old_and_new(const RangeVar *relation) {
    return list_make2(called(relation, "old"), called(relation, "new"));
}

char *written(ParseState *state, Node *statement) {
    ::Query *query = transformStmt(state, statement);
    char *text = pg_get_querydef(query, false);
    free_parsestate(state);
    return text;
}

char *written(Node *statement) {
    return written(make_parsestate(nullptr), statement);
}

// The expression as a text in a tree.
Node *written_expression(Node *expression, Sources from) {
    if (expression == nullptr)
        return nullptr;
    auto *target = makeNode(ResTarget);
    target->name = pstrdup("x"); // else a name would be made of the expression
    target->val = expression;
    target->location = -1;
    auto *select = makeNode(SelectStmt);
    select->targetList = list_make1(target);
    select->fromClause = static_cast<List *>(copyObjectImpl(from));
    return reinterpret_cast<Node *>(makeString(written(reinterpret_cast<Node *>(select))));
}

void write_index_elements(List *elements, Sources from) {
    ListCell *cell = nullptr;
    foreach (cell, elements) {
        auto *element = lfirst_node(IndexElem, cell);
        element->expr = written_expression(element->expr, from);
    }
}

Node *index(IndexStmt *statement) {
    Sources from = list_make1(copyObjectImpl(statement->relation));
    write_index_elements(statement->indexParams, from);
    statement->whereClause = written_expression(statement->whereClause, from);
    return reinterpret_cast<Node *>(statement);
}

Node *trigger(CreateTrigStmt *statement) {
    statement->whenClause = written_expression(statement->whenClause, old_and_new(statement->relation));
    return reinterpret_cast<Node *>(statement);
}

Node *statistics(CreateStatsStmt *statement) {
    ListCell *cell = nullptr;
    foreach (cell, statement->exprs) {
        auto *element = lfirst_node(StatsElem, cell);
        element->expr = written_expression(element->expr, statement->relations);
    }
    return reinterpret_cast<Node *>(statement);
}

// As transformRuleStmt() has it, which locks the relation against everybody.
Node *rule(RuleStmt *statement) {
    Sources from = old_and_new(statement->relation);
    statement->whereClause = written_expression(statement->whereClause, from);
    ListCell *cell = nullptr;
    foreach (cell, statement->actions) {
        ParseState *state = make_parsestate(nullptr);
        Relation relation = table_openrv(statement->relation, AccessShareLock);
        for (const char *name : {"old", "new"})
            addNSItemToQuery(state,
                             addRangeTableEntryForRelation(state, relation, AccessShareLock,
                                                           makeAlias(name, NIL), false, false),
                             false, true, false);
        lfirst(cell) = makeString(written(state, static_cast<Node *>(lfirst(cell))));
        table_close(relation, NoLock);
    }
    return reinterpret_cast<Node *>(statement);
}

Node *statement(const char *text) {
    Node *parsed = only_statement(text);
    switch (nodeTag(parsed)) {
    case T_IndexStmt:
        return index(reinterpret_cast<IndexStmt *>(parsed));
    case T_CreateTrigStmt:
        return trigger(reinterpret_cast<CreateTrigStmt *>(parsed));
    case T_RuleStmt:
        return rule(reinterpret_cast<RuleStmt *>(parsed));
    case T_CreateStatsStmt:
        return statistics(reinterpret_cast<CreateStatsStmt *>(parsed));
    default:
        not_understood();
    }
}

// A domain's expressions speak of VALUE.
Sources value_of_domain(const char *domain) {
    const Oid type = DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum(domain)));
    int32 typmod = -1;
    const Oid base = getBaseTypeAndTypmod(type, &typmod);
    return sources_in(psprintf("(SELECT NULL::%s AS value) AS domain",
                               format_type_extended(base, typmod, FORMAT_TYPE_TYPEMOD_GIVEN)));
}

Node *constraint(const char *text, Sources from) {
    auto *statement =
        statement_of_kind<AlterTableStmt>(psprintf("ALTER TABLE x ADD %s", text), T_AlterTableStmt);
    ListCell *cell = nullptr;
    foreach (cell, statement->cmds) {
        Node *definition = lfirst_node(AlterTableCmd, cell)->def;
        if (definition == nullptr || !IsA(definition, Constraint))
            not_understood();
        auto *added = castNode(Constraint, definition);
        added->raw_expr = written_expression(added->raw_expr, from);
        added->where_clause = written_expression(added->where_clause, from);
        ListCell *exclusion = nullptr;
        foreach (exclusion, added->exclusions) // pairs of an element and an operator
            write_index_elements(list_make1(linitial(static_cast<List *>(lfirst(exclusion)))), from);
    }
    return reinterpret_cast<Node *>(statement);
}

Node *partition_key(const char *text, Sources from) {
    auto *statement =
        statement_of_kind<CreateStmt>(psprintf("CREATE TABLE x () PARTITION BY %s", text), T_CreateStmt);
    ListCell *cell = nullptr;
    foreach (cell, statement->partspec->partParams) {
        auto *element = lfirst_node(PartitionElem, cell);
        element->expr = written_expression(element->expr, from);
    }
    return reinterpret_cast<Node *>(statement);
}

Node *arguments(const char *text) {
    auto *statement = statement_of_kind<CreateFunctionStmt>(
        psprintf("CREATE FUNCTION x(%s) LANGUAGE sql AS ''", text), T_CreateFunctionStmt);
    ListCell *cell = nullptr;
    foreach (cell, statement->parameters) {
        auto *parameter = lfirst_node(FunctionParameter, cell);
        parameter->defexpr = written_expression(parameter->defexpr, NIL);
    }
    return reinterpret_cast<Node *>(statement);
}

// As interpret_AS_clause() has it. Whatever is no SQL in standard form is a string, and is what it is.
Node *body(const char *text, const char *function) {
    const Oid oid = DatumGetObjectId(DirectFunctionCall1(regprocedurein, CStringGetDatum(function)));
    HeapTuple row = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row) || heap_attisnull(row, Anum_pg_proc_prosqlbody, nullptr))
        not_understood();
    auto *statement = statement_of_kind<CreateFunctionStmt>(
        psprintf("CREATE FUNCTION x() LANGUAGE sql %s", text), T_CreateFunctionStmt);
    if (statement->sql_body == nullptr)
        not_understood();
    List *statements = IsA(statement->sql_body, List)
                           ? linitial_node(List, castNode(List, statement->sql_body))
                           : list_make1(statement->sql_body);
    SQLFunctionParseInfoPtr names = prepare_sql_fn_parse_info(row, nullptr, InvalidOid);
    List *texts = NIL;
    ListCell *cell = nullptr;
    foreach (cell, statements) {
        ParseState *state = make_parsestate(nullptr);
        sql_fn_parser_setup(state, names);
        texts = lappend(texts, makeString(written(state, static_cast<Node *>(lfirst(cell)))));
    }
    ReleaseSysCache(row);
    return reinterpret_cast<Node *>(texts);
}

Node *expression(const char *text, Sources from) {
    auto *select = statement_of_kind<SelectStmt>(psprintf("SELECT (%s) AS x", text), T_SelectStmt);
    select->fromClause = static_cast<List *>(copyObjectImpl(from));
    return reinterpret_cast<Node *>(makeString(written(reinterpret_cast<Node *>(select))));
}

// "stored a + 1": the word stays as it is.
Node *generated(const char *text, Sources from) {
    const char *blank = strchr(text, ' ');
    if (blank == nullptr)
        not_understood();
    return reinterpret_cast<Node *>(
        list_make2(makeString(pnstrdup(text, blank - text)), expression(blank + 1, from)));
}

struct Asked {
    Form form;
    const char *root;      // its identity
    const char *published; // the relation that a row filter is of; else null
    bool of_domain;
    bool of_relation;
};

Node *read(const Asked &asked, const char *text, Sources from) {
    switch (asked.form) {
    case Form::expression:
        return expression(text, from);
    case Form::generated:
        return generated(text, from);
    case Form::constraint:
        return constraint(text, from);
    case Form::statement:
        return statement(text);
    case Form::query:
        return reinterpret_cast<Node *>(
            makeString(written(reinterpret_cast<Node *>(statement_of_kind<SelectStmt>(text, T_SelectStmt)))));
    case Form::arguments:
        return arguments(text);
    case Form::body:
        return body(text, asked.root);
    case Form::partition_key:
        return partition_key(text, from);
    }
    not_understood();
}

// With the rights of the engine, as all that is captured is read with them.
bool say_the_same(const Asked &asked, const char *left, const char *right) {
    Oid caller = InvalidOid;
    int security = 0;
    GetUserIdAndSecContext(&caller, &security);
    SetUserIdAndSecContext(engine_owner(),
                           security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
    const int level = pin_settings();
    Sources from = NIL;
    if (asked.of_domain)
        from = asked.form == Form::constraint ? value_of_domain(asked.root) : NIL;
    else if (asked.published != nullptr)
        from = sources_in(asked.published);
    else if (asked.of_relation)
        from = sources_in(asked.root);
    const bool same = equal(read(asked, left, from), read(asked, right, from));
    AtEOXact_GUC(true, level);
    SetUserIdAndSecContext(caller, security);
    return same;
}

// The statement is to end, or could not go on: that says nothing of the texts.
bool ends_the_statement(int sqlstate) {
    const int category = ERRCODE_TO_CATEGORY(sqlstate);
    return category == ERRCODE_OPERATOR_INTERVENTION || category == ERRCODE_INSUFFICIENT_RESOURCES ||
           sqlstate == ERRCODE_LOCK_NOT_AVAILABLE || sqlstate == ERRCODE_T_R_DEADLOCK_DETECTED;
}

} // namespace

bool equivalent(const core::TextPair &pair) {
    const std::optional<Form> form =
        form_of(pair.part_type.empty() ? pair.root.type : pair.part_type, pair.property);
    if (!form)
        return false;
    try {
        const std::string root = from_utf8(pair.root.identity);
        const std::string part = from_utf8(pair.part);
        const std::string left = from_utf8(pair.expected);
        const std::string right = from_utf8(pair.actual);
        const bool published = pair.part_type == "publication relation";
        const bool of_function = pair.root.type == "function" || pair.root.type == "procedure";
        const Asked asked{*form, root.c_str(), published ? part.c_str() : nullptr, pair.root.type == "type",
                          !of_function && pair.root.type != "type"};
        const SubTransaction attempt; // rolled back: what the parser has locked or left open
        const MemoryScope memory;
        return pg([&] { return say_the_same(asked, left.c_str(), right.c_str()); });
    } catch (const PgError &error) {
        if (ends_the_statement(error.data()->sqlerrcode))
            throw;
        FreeErrorData(error.data());
    } catch (const core::Error &) { // a letter that this database's encoding has not
    }
    return false;
}

} // namespace turnstone::server
