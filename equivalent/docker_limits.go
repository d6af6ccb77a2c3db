package equivalent

// createResources gives what the container may use up.
func createResources(h *value, c *command) {
	memoryLimits(h, c)
	cpuLimits(h, c)
	c.on("--oom-kill-disable", h.truth("OomKillDisable"))
	c.flag("--oom-score-adj", h.number("OomScoreAdj"))
	c.flag("--pids-limit", h.number("PidsLimit"))
	c.flag("--blkio-weight", h.number("BlkioWeight"))
	for _, d := range h.elements("BlkioWeightDevice") {
		c.set("--blkio-weight-device", d.str("Path")+":"+d.str("Weight"))
	}
	for _, limit := range []struct{ flag, field string }{
		{"--device-read-bps", "BlkioDeviceReadBps"}, {"--device-write-bps", "BlkioDeviceWriteBps"},
	} {
		for _, d := range h.elements(limit.field) {
			c.set(limit.flag, d.str("Path")+":"+rateWord(d.str("Rate")))
		}
	}
	for _, limit := range []struct{ flag, field string }{
		{"--device-read-iops", "BlkioDeviceReadIOps"}, {"--device-write-iops", "BlkioDeviceWriteIOps"},
	} {
		for _, d := range h.elements(limit.field) {
			c.set(limit.flag, d.str("Path")+":"+d.str("Rate"))
		}
	}
	c.flag("--io-maxiops", h.number("IOMaximumIOps"))
	c.flag("--io-maxbandwidth", h.number("IOMaximumBandwidth"))
}

// rateWord returns bytes a second as people write them: 1048576 is "1mb".
func rateWord(digits string) string {
	word := sizeWord(digits)
	if word != digits {
		word += "b"
	}
	return word
}

// memoryLimits gives those of ContainerCreate and ContainerUpdate.
func memoryLimits(h *value, c *command) {
	for _, m := range []struct{ flag, field string }{
		{"--memory", "Memory"}, {"--memory-reservation", "MemoryReservation"}, {"--memory-swap", "MemorySwap"}, {"--kernel-memory", "KernelMemory"},
	} {
		if n := h.number(m.field); n != "" {
			c.flag(m.flag, sizeWord(n))
		}
	}
	if n := h.str("MemorySwappiness"); n != "-1" {
		c.flag("--memory-swappiness", n)
	}
}

// cpuLimits gives those of ContainerCreate and ContainerUpdate.
func cpuLimits(h *value, c *command) {
	c.flag("--cpus", cpusWord(h.number("NanoCpus")))
	for _, f := range []struct{ flag, field string }{
		{"--cpu-shares", "CpuShares"}, {"--cpu-period", "CpuPeriod"}, {"--cpu-quota", "CpuQuota"},
		{"--cpu-rt-period", "CpuRealtimePeriod"}, {"--cpu-rt-runtime", "CpuRealtimeRuntime"},
		{"--cpu-count", "CpuCount"}, {"--cpu-percent", "CpuPercent"},
	} {
		c.flag(f.flag, h.number(f.field))
	}
	c.flag("--cpuset-cpus", h.str("CpusetCpus"))
	c.flag("--cpuset-mems", h.str("CpusetMems"))
}

// dockerUpdate gives ContainerUpdate.
func dockerUpdate(a *wanted, c *command) {
	c.say("update")
	b := a.body
	memoryLimits(b, c)
	cpuLimits(b, c)
	c.flag("--blkio-weight", b.number("BlkioWeight"))
	c.flag("--pids-limit", b.number("PidsLimit"))
	c.flag("--restart", restartWord(b.get("RestartPolicy")))
	c.args(a.name)
}
