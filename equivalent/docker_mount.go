package equivalent

// mountWord returns a mount as --mount of docker create and docker service create has it.
func mountWord(m *value) string {
	var parts []string
	add := func(name, v string) {
		if v != "" {
			parts = append(parts, name+"="+v)
		}
	}
	on := func(name string, on bool) {
		if on {
			parts = append(parts, name)
		}
	}
	add("type", m.str("Type"))
	add("source", m.str("Source"))
	add("target", m.str("Target"))
	on("readonly", m.truth("ReadOnly"))
	if consistency := m.str("Consistency"); consistency != "default" {
		add("consistency", consistency)
	}
	b := m.get("BindOptions")
	add("bind-propagation", b.str("Propagation"))
	switch {
	case b.truth("NonRecursive"):
		add("bind-recursive", "disabled")
	case b.truth("ReadOnlyNonRecursive"):
		add("bind-recursive", "writable")
	case b.truth("ReadOnlyForceRecursive"):
		add("bind-recursive", "readonly")
	}
	v := m.get("VolumeOptions")
	on("volume-nocopy", v.truth("NoCopy"))
	add("volume-subpath", v.str("Subpath"))
	for _, label := range v.pairs("=", true, "Labels") {
		add("volume-label", label)
	}
	add("volume-driver", v.str("DriverConfig", "Name"))
	for _, option := range v.pairs("=", false, "DriverConfig", "Options") {
		add("volume-opt", option)
	}
	add("image-subpath", m.str("ImageOptions", "Subpath"))
	add("tmpfs-size", m.number("TmpfsOptions", "SizeBytes"))
	add("tmpfs-mode", octalWord(m.number("TmpfsOptions", "Mode")))
	return csvWord(parts)
}
