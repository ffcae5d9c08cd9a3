/// The templates' texts, as they are embedded.
enum TemplateSources {
    static var all: [(name: String, bytes: [UInt8])] {
        [
            ("layout", PackageResources.layout_mustache),
            ("alone", PackageResources.alone_mustache),
            ("message", PackageResources.message_mustache),
            ("exchange", PackageResources.exchange_mustache),
            ("test", PackageResources.test_mustache),
            ("desk-item", PackageResources.desk_item_mustache),
            ("desk-inbox", PackageResources.desk_inbox_mustache),
            ("desk-list", PackageResources.desk_list_mustache),
            ("desk-map", PackageResources.desk_map_mustache),
            ("desk-request", PackageResources.desk_request_mustache),
            ("desk-bulk", PackageResources.desk_bulk_mustache),
            ("desk-report", PackageResources.desk_report_mustache),
            ("desk-print", PackageResources.desk_print_mustache),
            ("console-flow", PackageResources.console_flow_mustache),
            ("console-failed", PackageResources.console_failed_mustache),
            ("console-letter", PackageResources.console_letter_mustache),
            ("console-run", PackageResources.console_run_mustache),
            ("console-partners", PackageResources.console_partners_mustache),
            ("console-requests", PackageResources.console_requests_mustache),
            ("console-request", PackageResources.console_request_mustache),
            ("console-audit", PackageResources.console_audit_mustache),
            ("partner-item", PackageResources.partner_item_mustache),
            ("partner-home", PackageResources.partner_home_mustache),
            ("partner-requests", PackageResources.partner_requests_mustache),
            ("partner-request", PackageResources.partner_request_mustache),
            ("partner-resend", PackageResources.partner_resend_mustache),
        ]
    }
}
