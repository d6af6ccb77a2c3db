package risk

import "strings"

// create judges the document that a container is made of. Daemons before Docker Engine 25
// read what belongs to HostConfig beside it too, if there is none.
func (f *found) create(doc []byte) {
	for name, value := range f.members("it", doc) {
		switch name {
		case "hostconfig":
			f.hostConfig("HostConfig.", value)
		case "networkingconfig":
			f.endpoints("NetworkingConfig", value)
		default:
			f.hostMember("", name, value)
		}
	}
}

// exec judges what is to run in a container.
func (f *found) exec(doc []byte) {
	command, user := "", ""
	for name, value := range members(doc) {
		switch name {
		case "cmd":
			command = joined(words(value))
		case "command":
			command = joined(words(value))
		case "user":
			user = text(value)
		case "privileged":
			f.privileged("Privileged", value)
		}
	}
	why := "runs " + command + " in a container"
	if user == "root" || user == "0" || user == "0:0" {
		why += " as root"
	}
	f.add(Exec, why)
}

// joined returns a command in a line.
func joined(command []string) string {
	line := ""
	for _, word := range command {
		if line != "" {
			line += " "
		}
		if line += word; len(line) > maxWhy/2 {
			return clip(line)[:maxWhy/2] + "…"
		}
	}
	return line
}

// service judges the document of a service of a swarm.
func (f *found) service(doc []byte) {
	for name, value := range f.members("it", doc) {
		switch name {
		case "networks":
			f.networks("Networks", value)
		case "tasktemplate":
			f.task(value)
		}
	}
}

// task judges what a service runs.
func (f *found) task(doc []byte) {
	for name, value := range f.members("TaskTemplate", doc) {
		switch name {
		case "networks":
			f.networks("TaskTemplate.Networks", value)
		case "pluginspec":
			if !isEmpty(value) || f.hidden("TaskTemplate.PluginSpec", text(value)) {
				f.add(Plugin, "TaskTemplate.PluginSpec installs one")
			}
		case "containerspec":
			f.spec("ContainerSpec.", value)
		}
	}
}

// spec judges a container of a service.
func (f *found) spec(at string, doc []byte) {
	for name, value := range f.members(strings.TrimSuffix(at, "."), doc) {
		switch name {
		case "image":
			f.image(at+"Image", text(value))
		case "privileges":
			f.privileges(at+"Privileges", value)
		case "capabilityadd":
			f.capabilities(at+"CapabilityAdd", words(value))
		case "mounts":
			f.mounts(at+"Mounts", value)
		}
	}
}
