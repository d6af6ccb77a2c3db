package dockerapi

// waits reports whether a call of o with this query waits.
func (o *Operation) waits(query string) bool {
	switch o.Waiting {
	case Waits:
		return true
	case Follows:
		return isSet(query, "follow", false)
	case Streams:
		return isSet(query, "stream", true)
	}
	return o.Response == Hijack || o.Response == WebSocket || o.Response == H2C
}

// methodWaits reports whether a method of a gRPC service waits.
func methodWaits(path string) bool {
	switch path {
	case "/containerd.services.events.v1.Events/Subscribe",
		"/containerd.services.tasks.v1.Tasks/Wait",
		"/grpc.health.v1.Health/Watch",
		"/moby.buildkit.v1.Control/ListenBuildHistory",
		"/moby.buildkit.v1.Control/Session",
		"/moby.buildkit.v1.Control/Status":
		return true
	}
	return false
}
