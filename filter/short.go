package filter

// failed is what is an error to whoever looks for them. A client that leaves a stream
// has seen what it wanted.
const failed = `status >= 400 || error != "" || !left && (state == "aborted" || status == 0 && state != "open")`

// Errors returns the filter that shows what has failed.
func Errors() *Filter { return must(failed) }

// must compiles an expression that is right.
func must(text string) *Filter {
	f, err := Compile(text)
	if err != nil {
		panic(err)
	}
	return f
}
