package equivalent

// restartWord returns a policy as --restart has it; empty if it has no name: of a count
// alone there is no word.
func restartWord(policy *value) string {
	name := policy.str("Name")
	if name == "" {
		return ""
	}
	if n := policy.number("MaximumRetryCount"); n != "" {
		return name + ":" + n
	}
	return name
}
