// runs the SQL beside it
