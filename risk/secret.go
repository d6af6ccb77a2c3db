package risk

// secret judges how Podman is to keep a secret: its driver may run commands on the host, or
// write into a folder of it.
func (f *found) secret(query string) {
	for name, value := range parameters(query) {
		switch name {
		case "driver":
			if value == "shell" {
				f.add(Privileged, "its driver runs commands on the host")
			}
			f.hidden(name, value)
		case "driveropts":
			for option, v := range f.members(name, []byte(value)) {
				if option == "path" {
					f.written(name, text(v))
				}
			}
			f.hidden(name, value)
		}
	}
}
