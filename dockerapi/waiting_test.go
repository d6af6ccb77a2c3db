package dockerapi

import "testing"

// TestWaits has what lasts until something happens, and what looks like that.
func TestWaits(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		want           bool
	}{
		{"POST", "/v1.41/containers/a/wait?condition=next-exit", true},
		{"GET", "/v1.41/events", true},
		{"GET", "/v1.41/events?until=1", true},
		{"GET", "/v1.41/containers/a/logs?stdout=1&follow=1", true},
		{"GET", "/v1.41/containers/a/logs?follow=true", true},
		{"GET", "/v1.41/containers/a/logs?follow=+yes", true},
		{"GET", "/services/a/logs?follow=1", true},
		{"GET", "/tasks/a/logs?follow=1", true},
		{"GET", "/v1.41/containers/a/logs?stdout=1", false},
		{"GET", "/v1.41/containers/a/logs?follow", false},
		{"GET", "/v1.41/containers/a/logs?follow=%30&follow=1", false},
		{"GET", "/v1.41/containers/a/logs?follow=False", false},
		{"GET", "/v1.41/containers/a/logs?follow=no", false},
		{"GET", "/v1.41/containers/a/logs?follow=none", false},
		{"GET", "/v1.41/containers/a/logs?stream=1", false},
		{"GET", "/v1.41/containers/a/stats", true},
		{"GET", "/v1.41/containers/a/stats?stream=1&follow=0", true},
		{"GET", "/v1.41/containers/a/stats?stream=0", false},
		{"POST", "/v1.41/containers/a/attach?stream=1", true},
		{"GET", "/v1.41/containers/a/attach/ws", true},
		{"POST", "/v1.41/exec/a/start", true},
		{"POST", "/session", true},
		{"POST", "/grpc", true},
		{"POST", "/moby.buildkit.v1.Control/Session", true},
		{"POST", "/moby.buildkit.v1.Control/Status", true},
		{"POST", "/moby.buildkit.v1.Control/ListenBuildHistory", true},
		{"POST", "/grpc.health.v1.Health/Watch", true},
		{"POST", "/containerd.services.events.v1.Events/Subscribe", true},
		{"POST", "/containerd.services.tasks.v1.Tasks/Wait", true},
		{"POST", "/moby.buildkit.v1.Control/Solve", false},
		{"POST", "/v1.41/build?follow=1&stream=1", false},
		{"POST", "/v1.41/containers/a/stop", false},
		{"GET", "/v1.41/images/a/get", false},
	} {
		c, ok := Match(tt.method, tt.target)
		if !ok || c.Told().Waits != tt.want {
			t.Errorf("%s %s: waits %t, want %t", tt.method, tt.target, c.Told().Waits, tt.want)
		}
		if told := Tell(c.Name(), tt.method, tt.target); told.Waits != tt.want {
			t.Errorf("%s %s: as a recording has it, it waits %t", tt.method, tt.target, told.Waits)
		}
	}
}
