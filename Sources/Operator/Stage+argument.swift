import ArgumentParser
import Contracts

extension Stage: ExpressibleByArgument {}
