package render

// usual is what the docker CLI sends in every request for an operation, whatever it
// is asked to do, by where it stands. It is shown faint: what differs is what people
// look for.
var usual = map[string]map[string]string{
	"ContainerCreate": {
		".AttachStdout":                  `true`,
		".AttachStderr":                  `true`,
		".HostConfig.NetworkMode":        `"default"`,
		".HostConfig.RestartPolicy.Name": `"no"`,
		".HostConfig.MemorySwappiness":   `-1`,
		".HostConfig.ConsoleSize":        anything,
	},
	"ContainerExec": {
		".AttachStdout": `true`,
		".AttachStderr": `true`,
		".ConsoleSize":  anything,
	},
	"ExecStart": {
		".ConsoleSize": anything,
	},
}

// anything stands for the value of what depends on nothing but the terminal.
const anything = "*"

// markUsual marks the nodes of d whose values are in the table of the operation, and
// those in which there is nothing else.
func (d *brief) markUsual(operation string) {
	if table := usual[operation]; table != nil {
		d.markInside(0, "", table)
	}
}

// markInside marks node i, which stands at path.
func (d *brief) markInside(i int, path string, table map[string]string) {
	n := &d.nodes[i]
	if n.kind != '{' {
		value := table[path]
		n.usual = value == anything || value != "" && value == string(n.to.of(d.src))
		return
	}
	n.usual = i > 0
	for c := range d.inside(i) {
		key := d.nodes[c].key.of(d.src)
		d.markInside(c, path+"."+string(key[1:len(key)-1]), table)
		n.usual = n.usual && d.nodes[c].usual
	}
}
