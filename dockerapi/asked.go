package dockerapi

// Asked returns the operations that a request target can ask for, whatever its method: those
// with the most of the path fixed, since a parameter takes anything. Those of a path that is below
// another one, without a version, count if there are no others.
func Asked(target string) (all []*Operation) {
	path, _ := split(target)
	most := 0
	for _, match := range []func(method, target string) (Call, bool){Match, Akin} {
		for _, method := range index.methods {
			call, ok := match(method, path)
			if !ok || call.Op == index.options || call.Op == index.grpc {
				continue
			}
			r := newRoute(call.Op)
			if n := r.literal(); n > most {
				all, most = nil, n
			} else if n < most {
				continue
			}
			all = append(all, call.Op)
		}
		if all != nil {
			return all
		}
	}
	return nil
}
