package wire

// Failed reports whether the exchange did not give its client what that asked for:
// the daemon said so, or broke off, or did not answer. A client that leaves a stream
// has seen what it wanted; of what was not seen to its end nobody knows.
func (x *Exchange) Failed() bool {
	switch {
	case x.Outcome.Error != "" || x.Response != nil && x.Response.Status >= 400:
		return true
	case x.State == StateAborted:
		return !x.Outcome.Left
	}
	return x.State == StateDone && x.Response == nil
}
