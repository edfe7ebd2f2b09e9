// SPDX-License-Identifier: MIT
// Guests have two virtual CPUs, and so may the host: two at once would time out on each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
