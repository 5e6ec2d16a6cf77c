// What a body in PL/pgSQL says of transactions: whether it ends them on its way.
#pragma once

#include <string_view>

namespace turnstone::core {

enum class TransactionControl {
    none,
    perhaps, // it calls a procedure, which may
    certain, // COMMIT or ROLLBACK stands where a statement begins
};

// Looks at the words outside of strings, quoted names and comments only. EXECUTE cannot hide one: PL/pgSQL
// refuses transaction commands in it (plpgsql: pl_exec.c, exec_stmt_dynexecute).
TransactionControl transaction_control(std::string_view body);

} // namespace turnstone::core
