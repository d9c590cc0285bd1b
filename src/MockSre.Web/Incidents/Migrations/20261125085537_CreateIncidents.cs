using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MockSre.Web.Incidents.Migrations
{
    /// <inheritdoc />
    public partial class CreateIncidents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "incidents",
                columns: table => new
                {
                    number = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    id = table.Column<string>(type: "TEXT", nullable: true),
                    header = table.Column<string>(type: "TEXT", nullable: false),
                    plan = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incidents", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "incident_events",
                columns: table => new
                {
                    number = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    incident = table.Column<int>(type: "INTEGER", nullable: false),
                    lines = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incident_events", x => x.number);
                    table.ForeignKey(
                        name: "FK_incident_events_incidents_incident",
                        column: x => x.incident,
                        principalTable: "incidents",
                        principalColumn: "number",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_incident_events_incident_number",
                table: "incident_events",
                columns: new[] { "incident", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_incidents_id",
                table: "incidents",
                column: "id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "incident_events");

            migrationBuilder.DropTable(
                name: "incidents");
        }
    }
}
